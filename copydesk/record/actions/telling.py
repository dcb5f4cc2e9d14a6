"""Mail to a reader who asked for a correction: plain text, of our words and the desk's, never of a stranger's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import send_mail
from django.core.signing import Signer
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from copydesk.editorial.models import Publication, PublishedArticle
from copydesk.record.models import RequestState

if TYPE_CHECKING:
    from datetime import datetime

    from copydesk.record.models import CorrectionRequest

# What the links are signed for, so that a signature of another kind opens nothing here.
SALT = "record.request"


def send_confirmation(request: CorrectionRequest, *, at: datetime) -> None:
    """Send the one mail that an unconfirmed address gets. Nothing in it was written by whoever gave the address."""
    token = Signer(salt=SALT).sign_object({"request": request.uuid.hex, "at": int(at.timestamp())})
    said = {
        "publication": _publication(),
        "headline": _line(request.article.title),
        "link": settings.COPYDESK_BASE_URL + reverse("record:confirm", args=[token]),
    }
    subject = _("Please confirm your address") + f" – {said['publication']}"
    text = _(
        "Somebody told %(publication)s that something is wrong in “%(headline)s”, and gave this address to be told"
        " what becomes of it.\n\n"
        "If it was you, open this link within three days:\n\n%(link)s\n\n"
        "If not, there is nothing to do: this address is forgotten, and no more mail comes of this."
    )
    send_mail(subject, text % said, None, [request.email])


def send_decision(request: CorrectionRequest) -> None:
    """Tell a reader who has confirmed their address what became of their request, in the publication's language."""
    with override(settings.LANGUAGE_CODE):
        said = {
            "publication": _publication(),
            "headline": _line(request.article.title),
            "link": _address(request),
            "reason": request.reason,
        }
        if request.state == RequestState.ACCEPTED:
            text = _(
                "Thank you for telling %(publication)s what was wrong in “%(headline)s”. We have published a notice"
                " about it:\n\n%(link)s"
            )
        else:
            text = _(
                "Thank you for writing to %(publication)s about “%(headline)s”. We have looked into it and leave the"
                " article as it is. Our reason:\n\n%(reason)s\n\n%(link)s"
            )
        kept = _("We delete your address 30 days from now.")
        subject = _("What became of your request") + f" – {said['publication']}"
        send_mail(subject, f"{text % said}\n\n{kept}", None, [request.email])


def _publication() -> str:
    return _line(Publication.load().name)


def _line(text: str) -> str:
    """Return text on one line, as a header of a mail must be."""
    return " ".join(text.split())


def _address(request: CorrectionRequest) -> str:
    paths = PublishedArticle.objects.filter(pk=request.article_id).values_list("path", flat=True)
    return settings.COPYDESK_BASE_URL + (paths.first() or "/")
