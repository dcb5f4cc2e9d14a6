"""The feeds of the publication, of each topic and of each person, in three formats."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.urls import path, register_converter
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from copydesk.editorial import policies
from copydesk.editorial.logic.feeds import FORMS, Form
from copydesk.editorial.queries import feeds as queries
from copydesk.pagestore.views import stored

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from copydesk.editorial.models import Publication

BY_FILE_NAME = {form.file_name: form for form in FORMS.values()}


class FeedFile:
    """The last part of a feed's address: its file name in paths, its format's name in code."""

    regex = "|".join(name.replace(".", r"\.") for name in BY_FILE_NAME)

    def to_python(self, value: str) -> Form:
        """Return the format of a file name."""
        return BY_FILE_NAME[value]

    def to_url(self, value: str) -> str:
        """Return the file name of a format's name."""
        if value not in FORMS:
            raise ValueError(value)
        return FORMS[value].file_name


register_converter(FeedFile, "feed_file")


@require_safe
@stored("before", "after")
def site_feed(request: HttpRequest, form: Form) -> HttpResponseBase:
    """Answer with the newest articles."""
    publication = queries.load_publication()
    return _answer(request, form, publication, queries.site_source(publication))


@require_safe
@stored("before", "after")
def topic_feed(request: HttpRequest, slug: str, form: Form) -> HttpResponseBase:
    """Answer with a topic's newest articles."""
    publication = queries.load_publication()
    topic = policies.get_visible_topic(slug=slug)
    return _answer(request, form, publication, queries.topic_source(publication, topic))


@require_safe
@stored("before", "after")
def person_feed(request: HttpRequest, slug: str, form: Form) -> HttpResponseBase:
    """Answer with the newest articles a person is named on."""
    publication = queries.load_publication()
    person = policies.get_visible_person(slug=slug)
    return _answer(request, form, publication, queries.person_source(publication, person))


def _answer(
    request: HttpRequest, form: Form, publication: Publication, source: queries.Source
) -> HttpResponseBase:
    """Build the page asked for, unless the reader has it: then nothing but its state has been read."""
    state = queries.feed_state(source, form, request.GET)
    etag = f'"{state.fingerprint}"'
    modified = int(state.updated_at.timestamp()) if state.updated_at else None
    response = get_conditional_response(request, etag=etag, last_modified=modified)
    if response is None:
        # The words around entries are the publication's, not the reader's: one document for everybody.
        with translation.override(settings.LANGUAGE_CODE):
            channel = queries.feed_channel(
                source, form, state, request.GET, publisher=publication.name
            )
            body = form.build(channel, queries.feed_entries(state, publication.name))
        response = HttpResponse(body, content_type=f"{form.type}; charset=utf-8")
        response["Content-Language"] = settings.LANGUAGE_CODE
    response["ETag"] = etag
    if state.updated_at:
        response["Last-Modified"] = format_datetime(state.updated_at, usegmt=True)
    return response


urlpatterns = [
    # Where WordPress, Ghost and others have their feed: subscribers who moved with a publication find it.
    path("feed/", RedirectView.as_view(url="/feed/rss.xml", permanent=True), name="old_feed"),
    path("feed/<feed_file:form>", site_feed, name="feed"),
    path("topics/<slug:slug>/feed/<feed_file:form>", topic_feed, name="topic_feed"),
    path("people/<slug:slug>/feed/<feed_file:form>", person_feed, name="person_feed"),
]
