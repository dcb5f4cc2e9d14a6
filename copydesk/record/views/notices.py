"""Writing a notice at the desk: the form, a look at what readers will get, and then for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from copydesk.editorial.queries.notices import notice_anchor, notice_view, notice_views
from copydesk.kit import clock
from copydesk.record.actions.noticing import Occasion, Wording, publish_notice
from copydesk.record.forms.notices import NoticeForm
from copydesk.record.models import NoticeKind, Position, Severity
from copydesk.record.policies.notices import get_article_for_notice
from copydesk.record.queries.notices import passages
from copydesk.record.queries.wording import samples

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from copydesk.editorial.models import PublishedArticle
    from copydesk.members.models import Member

# What a link to the form may fill in.
FILLED_IN = (
    "kind",
    "severity",
    "wrong",
    "right",
    "text",
    "position",
    "learned_at",
    "corrects",
    "because_of",
)


@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an article's notices with a form for another; show a draft of it; publish it."""
    article = get_article_for_notice(reader=request.user, pk=pk)
    given: dict[str, Any] = {"article": article, "passages": passages(article), "at": clock.now()}
    if request.method != "POST":
        return _form(request, article, NoticeForm(initial=_filled_in(request), **given))
    form = NoticeForm(request.POST, **given)
    if not form.is_valid() or request.POST.get("do") == "edit":
        return _form(request, article, form)
    if request.POST.get("do") != "publish":
        return _preview(request, article, form)
    return _publish(request, article, form.cleaned_data)


def _filled_in(request: HttpRequest) -> dict[str, Any]:
    asked = {name: request.GET[name] for name in FILLED_IN if request.GET.get(name)}
    return {**asked, "places": request.GET.getlist("places")}


def _form(request: HttpRequest, article: PublishedArticle, form: NoticeForm) -> HttpResponse:
    context = {
        "article": article,
        "form": form,
        "samples": samples(),
        "published": notice_views(article.notices)[::-1],
    }
    return render(request, "record/desk/notices.html", context)


def _preview(request: HttpRequest, article: PublishedArticle, form: NoticeForm) -> HttpResponse:
    said = form.cleaned_data
    # As the sentence was just written, so that it can be changed, and is published as it was seen.
    again = NoticeForm(
        {**form.data.dict(), "places": said["places"], "text": said["text"]},  # type: ignore[attr-defined]
        article=article,
        passages=form.fields["places"].choices,  # type: ignore[attr-defined]
        at=form.at,
    )
    words = dict(passages(article))
    context = {
        "article": article,
        "form": again,
        "notice": notice_view(said["kind"], said["text"], at=form.at),
        "position": _wording(said).shown_at.label,
        "severity": Severity(said["severity"]).label,
        "passages": [words[place] for place in said["places"]],
        "corrects": said["corrects"],
        "learned_at": said["learned_at"],
    }
    return render(request, "record/desk/preview.html", context)


def _wording(said: Mapping[str, Any]) -> Wording:
    return Wording(
        kind=NoticeKind(said["kind"]),
        severity=Severity(said["severity"]),
        position=Position(said["position"]) if said["position"] else None,
        **{name: said[name] for name in ("text", "wrong", "right", "places")},
    )


def _publish(
    request: HttpRequest, article: PublishedArticle, said: Mapping[str, Any]
) -> HttpResponse:
    notice = publish_notice(
        article=article,
        says=_wording(said),
        occasion=Occasion(said["corrects"], said["learned_at"], said["because_of"]),
        uuid=said["uuid"],
        by=cast("Member", request.user),
        at=clock.now(),
    )
    edit = reverse("wagtailadmin_pages:edit", args=[article.pk])
    messages.success(
        request,
        _("The notice is published. Now see to it that the article itself is right."),
        buttons=[
            messages.button(edit, _("Edit the article")),
            messages.button(
                f"{article.path}#{notice_anchor(str(notice.uuid))}", _("See the notice")
            ),
        ],
    )
    return redirect("record_notices", pk=article.pk)
