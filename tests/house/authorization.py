"""Who gets what: one row for every address of ours, and what each person is answered.

A new address without a row fails the suite, so nobody forgets to think about strangers. Words in braces are filled in
from the fixture `story`. An address without a name goes by its route.
"""

from __future__ import annotations

from dataclasses import dataclass

OK, FOUND, BAD, FORBIDDEN, MISSING, POST_ONLY, GONE, UNAVAILABLE = (
    200, 302, 400, 403, 404, 405, 410, 503,
)  # fmt: skip


@dataclass(frozen=True)
class Answers:
    """The status of the answer to each person's GET."""

    anonymous: int
    member: int
    contributor: int
    writer: int
    editor: int
    owner: int
    moderator: int


def everybody(status: int) -> Answers:
    return Answers(*[status] * 7)


def desk(*, anonymous: int = FOUND, member: int, staff: int = OK) -> Answers:
    """Answer whoever works at the desk alike."""
    return Answers(anonymous, member, *[staff] * 5)


def editors(status: int = OK) -> Answers:
    """Answer editors and owners alike; the desk sends everybody else to its home or the door."""
    return Answers(FOUND, FOUND, FOUND, FOUND, editor=status, owner=status, moderator=FOUND)


@dataclass(frozen=True)
class Row:
    path: str
    answers: Answers


MATRIX = {
    # For machines.
    "ops:healthz": Row("/healthz", everybody(OK)),
    "ops:readyz": Row("/readyz", everybody(UNAVAILABLE)),  # No worker runs beside the tests.
    "ops:metrics": Row(
        "/metrics",
        Answers(MISSING, MISSING, MISSING, MISSING, MISSING, owner=OK, moderator=MISSING),
    ),
    # Signing in.
    "members:account": Row("/account/", everybody(FOUND)),
    "members:link": Row("/account/link/not-a-token/", everybody(GONE)),
    "desk/login/": Row("/desk/login/", desk(member=FORBIDDEN, staff=FOUND)),
    # The desk.
    "desk/account/": Row("/desk/account/", desk(member=FOUND)),
    "sources_index": Row("/desk/sources/?q=bridge", desk(member=FOUND)),
    "sources_new": Row("/desk/sources/new/", desk(member=FOUND)),
    "sources_desk": Row("/desk/sources/{source}/", desk(member=FOUND)),
    "sources_desk of none": Row("/desk/sources/0/", desk(member=FOUND, staff=MISSING)),
    "sources_copy": Row("/desk/sources/0/copies/0/", desk(member=FOUND, staff=MISSING)),
    "sources_warc": Row("/desk/sources/0/copies/0.warc.gz", desk(member=FOUND, staff=MISSING)),
    "sources_wacz": Row("/desk/sources/0/copies/0.wacz", desk(member=FOUND, staff=MISSING)),
    "wagtailusers_users:index": Row(
        "/desk/users/", Answers(FOUND, FOUND, FOUND, FOUND, FOUND, owner=OK, moderator=FOUND)
    ),
    "wagtailusers_users:index_results": Row(
        "/desk/users/results/",
        Answers(FOUND, FOUND, FOUND, FOUND, FOUND, owner=OK, moderator=FOUND),
    ),
    "record_versions": Row(
        "/desk/record/articles/{quoting}/",
        Answers(FOUND, FOUND, MISSING, MISSING, editor=OK, owner=OK, moderator=MISSING),
    ),
    "record_versions of a draft": Row(
        "/desk/record/articles/{draft_pk}/",
        Answers(FOUND, FOUND, MISSING, MISSING, editor=OK, owner=OK, moderator=MISSING),
    ),
    "editorial_write": Row("/desk/write/", everybody(FOUND)),
    "sources_changed": Row("/desk/sources/changed/", desk(member=FOUND)),
    "record_flags": Row("/desk/record/flags/", desk(member=FOUND)),
    "record_reliance": Row("/desk/record/reliance/{quoting}/", desk(member=FOUND)),
    "record_reliance of none": Row("/desk/record/reliance/0/", desk(member=FOUND, staff=MISSING)),
    "sources_find": Row("/desk/sources/find/?q=bridge", desk(member=FOUND)),
    "sources_card": Row("/desk/sources/0/card/", desk(member=FOUND, staff=MISSING)),
    "sources_add": Row("/desk/sources/add/", desk(member=FOUND, staff=POST_ONLY)),
    "sources_elsewhere": Row("/desk/sources/elsewhere/", desk(member=FOUND, staff=POST_ONLY)),
    "sources_check": Row("/desk/sources/0/check/", desk(member=FOUND, staff=POST_ONLY)),
    "sources_supply": Row("/desk/sources/0/text/", desk(member=FOUND, staff=POST_ONLY)),
    "sources_upload": Row("/desk/sources/0/file/", desk(member=FOUND, staff=POST_ONLY)),
    "sources_again": Row("/desk/sources/0/again/", desk(member=FOUND, staff=POST_ONLY)),
    "record_notices": Row(
        "/desk/articles/{quoting}/notices/",
        Answers(FOUND, FOUND, MISSING, MISSING, OK, OK, moderator=MISSING),
    ),
    "record_notices of none": Row("/desk/articles/0/notices/", desk(member=FOUND, staff=MISSING)),
    "source_chooser:choose": Row("/desk/source_chooser/", desk(member=FOUND)),
    "source_chooser:choose_results": Row("/desk/source_chooser/results/", desk(member=FOUND)),
    "record_requests": Row("/desk/record/requests/", editors()),
    "record_request": Row("/desk/record/requests/{request}/", editors()),
    "record_request of none": Row(
        "/desk/record/requests/00000000-0000-4000-8000-000000000000/", editors(MISSING)
    ),
    "record_approvals": Row("/desk/record/approvals/", desk(member=FOUND)),
    "record_approval": Row("/desk/record/approvals/0/", desk(member=FOUND, staff=POST_ONLY)),
    "record_withdraw": Row(
        "/desk/record/withdraw/?page={quoting}",
        Answers(FOUND, FOUND, FOUND, FOUND, editor=OK, owner=OK, moderator=FOUND),
    ),
    "record_settings": Row("/desk/record/settings/", editors()),
    "record_redactable": Row("/desk/record/redact/?article={quoting}", editors()),
    "record_redact": Row("/desk/record/redact/{entry}/", editors()),
    "record_redact of none": Row("/desk/record/redact/999999999/", editors(MISSING)),
    "federation_mentions": Row("/desk/mentions/", editors()),
    "editorial:menu": Row("/-/menu/", everybody(OK)),
    "editorial_picture": Row("{thumbnail}", desk(member=FOUND)),
    "editorial:patterns": Row("/-/patterns/", desk(member=FOUND)),
    # What readers see. The gate of an article cuts its text, not its page: tests/integration holds that.
    "editorial:front": Row("/", everybody(OK)),
    "editorial:latest": Row("/latest/", everybody(OK)),
    "editorial:topics": Row("/topics/", everybody(OK)),
    "editorial:topic": Row("/topics/{topic}/", everybody(OK)),
    "editorial:people": Row("/people/", everybody(OK)),
    "editorial:person": Row("/people/{person}/", everybody(OK)),
    "editorial:series": Row("/series/{series}/", everybody(OK)),
    "editorial:archive": Row("/archive/", everybody(OK)),
    "editorial:archive_year": Row("/archive/{year}/", everybody(OK)),
    "editorial:archive_month": Row("/archive/{year}/{month}/", everybody(OK)),
    "editorial:search": Row("/search/?q=words", everybody(OK)),
    "wagtail_serve": Row("{article}", everybody(OK)),
    "editorial:page": Row("{article}", everybody(OK)),
    "editorial:page draft": Row("{draft}", everybody(MISSING)),
    "editorial:page withdrawn": Row("{withdrawn}", everybody(GONE)),
    "record:corrections": Row("/corrections/", everybody(OK)),
    "sources:source": Row("/sources/{source}/", everybody(OK)),
    "sources:source of no article": Row("/sources/{unused_source}/", everybody(MISSING)),
    "record:record": Row("/record/", everybody(OK)),
    # What readers tell us.
    "record:ask": Row("/record/articles/{quoting}/ask/", everybody(OK)),
    "record:ask about a withdrawn article": Row(
        "/record/articles/{not_quoting}/ask/", everybody(MISSING)
    ),
    "record:asked": Row("/record/articles/{quoting}/asked/", everybody(OK)),
    "record:confirm": Row("/record/requests/not-a-token/", everybody(GONE)),
    # The gate of an article cuts the text of its versions, too: tests/integration/record holds that.
    "record:history": Row("/record/articles/{quoting}/", everybody(OK)),
    "record:history of a draft": Row("/record/articles/{draft_pk}/", everybody(MISSING)),
    "record:history of a withdrawn article": Row("/record/articles/{not_quoting}/", everybody(OK)),
    "record:version": Row("/record/articles/{quoting}/versions/1/", everybody(OK)),
    "record:version of none": Row("/record/articles/{quoting}/versions/9/", everybody(MISSING)),
    "record:compare": Row("/record/articles/{quoting}/compare/?from=1&to=1", everybody(OK)),
    "record:timemap": Row("/record/articles/{quoting}/timemap/", everybody(OK)),
    # What other sites tell us, and where we tell them.
    "federation:webmention": Row("/webmention/", everybody(POST_ONLY)),
    "federation:notice": Row("/webmention/notices/{told}/", everybody(OK)),
    "federation:notice that nobody was told of": Row("/webmention/notices/0/", everybody(MISSING)),
    # What programs read.
    "record:head": Row("/record/head.json", everybody(OK)),
    "record:checkpoint": Row("/record/checkpoint", everybody(OK)),
    "record:entries": Row("/record/entries.jsonl", everybody(OK)),
    "record:inclusion": Row("/record/proof/inclusion.json?index=0", everybody(OK)),
    "record:inclusion of no entry": Row("/record/proof/inclusion.json", everybody(BAD)),
    "record:consistency": Row("/record/proof/consistency.json?first=1", everybody(OK)),
    "sources:annotation": Row("/quotations/{quotation}.jsonld", everybody(OK)),
    "sources:terms": Row("/quotations/terms/", everybody(OK)),
    "sources:csl": Row("/sources/of/{quoting}.csl.json", everybody(OK)),
    "sources:ris": Row("/sources/of/{quoting}.ris", everybody(OK)),
    "sources:ris of an article without sources": Row(
        "/sources/of/{not_quoting}.ris", everybody(MISSING)
    ),
    "record:corrections_feed": Row("/corrections/feed/atom.xml", everybody(OK)),
    "editorial:feed": Row("/feed/rss.xml", everybody(OK)),
    "editorial:topic_feed": Row("/topics/{topic}/feed/atom.xml", everybody(OK)),
    "editorial:person_feed": Row("/people/{person}/feed/feed.json", everybody(OK)),
    "editorial:sitemap": Row("/sitemap.xml", everybody(OK)),
    "editorial:sitemap_news": Row("/sitemap-news.xml", everybody(OK)),
    "editorial:sitemap_file": Row("/sitemap-articles-1.xml", everybody(OK)),
    "editorial:robots": Row("/robots.txt", everybody(OK)),
    "editorial:opensearch": Row("/opensearch.xml", everybody(OK)),
    "editorial:manifest": Row("/site.webmanifest", everybody(OK)),
    "editorial:favicon": Row("/favicon.ico", everybody(FOUND)),
    # Files.
    "editorial:accent_css": Row("/theme/accent.css", everybody(OK)),
    "editorial:picture": Row("{picture}", everybody(OK)),
    "editorial:picture of a stranger's making": Row(
        "/images/c2lnbmF0dXJl/1/width-9000.jpeg", everybody(MISSING)
    ),
    "editorial:attachment": Row("{attachment}", everybody(OK)),
}
