"""Who sees which versions, and how much of them. Views load through these alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from copydesk.editorial.models import Article, Visibility
from copydesk.editorial.policies import may_edit, may_read_what_is_for
from copydesk.record.queries.history import (
    Place,
    Recorded,
    Subject,
    find_subject,
    place_of,
    recorded_versions,
    strictest,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.contrib.auth.models import AnonymousUser

    from copydesk.members.models import Member

    # Who asks; a page for which nobody is asked for is the same for everybody.
    Asked = Callable[[], Member | AnonymousUser]

# No row has a larger number, and asking for one is an error to SQLite.
LARGEST = 2**63 - 1


def get_recorded_article(*, pk: int) -> Subject:
    """Return an article that readers have or had. Raises Http404 for any other: of drafts the record knows nothing."""
    found = find_subject(pk) if pk <= LARGEST else None
    if found is None:
        raise Http404
    return found


def get_editable_article(*, reader: Member | AnonymousUser, pk: int) -> Article:
    """Return an article that `reader` may change at the desk, draft or not. Raises Http404 for any other."""
    found: Article | None = Article.objects.filter(pk=min(pk, LARGEST)).first()
    if found is None or not may_edit(reader, found):
        raise Http404
    return found


def get_version(*, pk: int, number: int) -> Place:
    """Return a version of an article and where it stands among the others. Raises Http404 for a number it has not.

    How much of its text a reader gets is for `may_read_versions` to say.
    """
    found = place_of(pk, number)
    if found is None:
        raise Http404
    return found


def get_two_versions(*, pk: int, numbers: tuple[int, int]) -> list[Recorded]:
    """Return two versions of an article, likewise."""
    found = recorded_versions(pk, numbers)
    if len(found) != len(numbers):
        raise Http404
    return found


def may_read_versions(asked: Asked, subject: Subject, versions: Sequence[Recorded]) -> bool:
    """Whether a reader may read the whole text of all of these.

    A version is for those it was for, and for those the article is for now, whichever are fewer: neither does what was
    for members come out when an article is opened, nor does closing one leave what it says open in its history.
    """
    needed = strictest(subject.visibility, *(version.visibility for version in versions))
    return needed == Visibility.PUBLIC or may_read_what_is_for(asked(), needed)
