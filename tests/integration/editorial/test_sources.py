"""What readers see of sources under quotations and at the end of an article."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from copydesk.sources.backends.archive import Archive
from copydesk.sources.logic.verdicts import Finding, Layer, Notice, Verdict
from copydesk.sources.models import Quotation, Relation, Source
from tests.factories.editorial import block, make_article, make_series, publish
from tests.factories.sources import (
    make_check,
    make_citation,
    make_override,
    make_quotation,
    make_snapshot,
    make_source,
)

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django import DjangoAssertNumQueries, Settings

    from copydesk.editorial.models import PublishedArticle
    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db

COPIED = datetime(2026, 11, 19, 12, tzinfo=UTC)
TEXT = "The bridge will hold."


def quotation_block(text: str = TEXT, **value: Any) -> dict[str, Any]:
    return block("quotation", {"text": f"<p>{text}</p>", "speaker": "Jane Doe", **value})


def write(*bodies: dict[str, Any] | str, **fields: Any) -> PublishedArticle:
    return publish(make_article("Bridges", body=bodies, **fields))


def quoted(
    source: Source | None = None,
    *,
    text: str = TEXT,
    verdict: Verdict | None = Verdict.EXACT,
    **more: Any,
) -> tuple[PublishedArticle, Quotation]:
    """Return an article with one quotation, checked against a copy of Nov. 19, 2026 unless `verdict` is None."""
    body = quotation_block(text)
    published = write(body)
    source = source or make_source()
    row = make_quotation(published.article, source, text=text, block_id=body["id"])
    if verdict is not None:
        row.snapshot = make_snapshot(source, captured_at=COPIED, **more)
        row.check_result = make_check(row.snapshot, text, verdict=verdict, checked_at=COPIED)
        row.save(update_fields=["snapshot", "check_result"])
    return published, row


def page(client: Client, published: PublishedArticle) -> LexborHTMLParser:
    response = client.get(published.path)
    assert response.status_code == 200
    return LexborHTMLParser(response.content)


def line(client: Client, published: PublishedArticle) -> str:
    """Return the text of the line under the article's only quotation."""
    found = page(client, published).css(".quotation .quotation__check")
    assert len(found) == 1
    return " ".join(found[0].text().split())


# --- The line


SENTENCES = {
    Verdict.EXACT: "Words match the archived copy of Nov. 19, 2026.",
    Verdict.ALTERED: "Words differ from the archived copy of Nov. 19, 2026.",
    Verdict.NOT_FOUND: "Words were not found in the archived copy of Nov. 19, 2026.",
}


@pytest.mark.parametrize("verdict", SENTENCES)
def test_the_line_says_what_was_compared_with_what(client: Client, verdict: Verdict) -> None:
    published, _row = quoted(verdict=verdict)
    assert SENTENCES[verdict] in line(client, published)


def test_marked_omissions_and_changes_are_told_apart(client: Client) -> None:
    omitted, _row = quoted(text="The bridge […] will hold.", verdict=Verdict.EXACT_MARKED)
    assert "Nov. 19, 2026, with marked omissions." in line(client, omitted)
    changed, _row = quoted(text="[It] will hold.", verdict=Verdict.EXACT_MARKED)
    assert "Nov. 19, 2026, with our changes marked." in line(client, changed)


def test_a_minor_difference_is_named(client: Client) -> None:
    published, row = quoted(verdict=None)
    row.snapshot = make_snapshot(row.source, captured_at=COPIED)
    notices = (Notice("letter_case"), Notice("punctuation"), Notice("a_code_of_tomorrow"))
    finding = Finding(Verdict.MINOR, layer=Layer.VISIBLE, notices=notices)
    row.check_result = make_check(row.snapshot, TEXT, finding=finding)
    row.save(update_fields=["snapshot", "check_result"])
    said = "Words differ from the archived copy of Nov. 19, 2026 only in capital letters and punctuation."
    assert said in line(client, published)


def test_an_override_gives_its_reason(client: Client, ada: Member) -> None:
    published, row = quoted(verdict=Verdict.ALTERED)
    make_override(row, by=ada, reason="<b>Shortened</b> by her office.")
    assert "Altered by us; our reason: <b>Shortened</b> by her office." in line(client, published)


def test_a_source_that_changed_says_so_and_is_not_linked_into(client: Client) -> None:
    published, row = quoted(make_source(standing="changed", standing_at=COPIED))
    later = make_snapshot(row.source)
    row.latest_check = make_check(later, TEXT, verdict=Verdict.NOT_FOUND)
    row.save(update_fields=["latest_check"])
    said = line(client, published)
    assert "The source has changed since we quoted it." in said
    assert said.count("since we quoted it") == 1
    assert "Words match the archived copy of Nov. 19, 2026." in said
    assert "In source" not in said
    assert "Archived" in said


def test_a_wall_before_the_newest_copy_is_no_change(client: Client) -> None:
    published, row = quoted(make_source(access="paywalled"))
    walled = make_snapshot(row.source, is_paywalled=True)
    row.latest_check = make_check(walled, TEXT, verdict=Verdict.NOT_FOUND)
    row.save(update_fields=["latest_check"])
    said = line(client, published)
    assert "Behind a paywall." in said
    assert "changed" not in said


def test_a_dead_source_is_told_and_not_linked(client: Client) -> None:
    published, _row = quoted(make_source(liveness="dead"))
    said = line(client, published)
    assert "Source no longer online – checked against our archived copy." in said
    assert "In source" not in said


@pytest.mark.parametrize(
    ("access", "said"),
    [
        ("paywalled", "Behind a paywall; checked by our editors."),
        ("offline", "Checked against a text our editors supplied."),
    ],
)
def test_a_text_of_editors_is_said_to_be_theirs(client: Client, access: str, said: str) -> None:
    published, _row = quoted(make_source(access=access), method="paste")
    assert f"Words match. {said}" in line(client, published)
    assert "archived copy" not in line(client, published)


def test_what_was_not_checked_is_not_said_to_be(client: Client) -> None:
    published, _row = quoted(verdict=None)
    assert line(client, published).endswith("Not yet checked.")
    textless, row = quoted(verdict=None)
    make_snapshot(row.source, has_text=False)
    assert "Could not be checked: no text." in line(client, textless)
    walled, _row = quoted(make_source(trouble="blocked"), verdict=None)
    assert "Could not be checked: the source could not be read." in line(client, walled)


def test_a_translation_is_called_ours_and_nothing_else(client: Client) -> None:
    published, row = quoted()
    Quotation.objects.filter(pk=row.pk).update(kind="translated")
    said = line(client, published)
    assert "Our translation." in said
    assert "match" not in said
    assert "In source" not in said


def test_a_retraction_stands_under_the_quotation(client: Client) -> None:
    published, _row = quoted(make_source(standing="retracted", standing_at=COPIED))
    assert "Retracted by its publisher, Nov. 19, 2026." in line(client, published)


def test_the_line_leads_to_the_words_in_the_source(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.COPYDESK_SNAPSHOTS_DIR = tmp_path
    text = f"We asked the engineer on Monday.\n{TEXT}\nNobody else answered."
    source = make_source(url="https://herald.example/deep")
    published, row = quoted(source, layers={Layer.VISIBLE: text}, archive=Archive(tmp_path))
    start = text.index(TEXT)
    assert row.check_result is not None
    row.check_result.spans = [[start, start + len(TEXT)]]
    row.check_result.save(update_fields=["spans"])
    link = page(client, published).css_first(".quotation__check a[rel~=external]")
    assert link is not None
    assert link.attributes["href"] == (
        "https://herald.example/deep#:~:text=The%20bridge%20will%20hold"
    )


def test_a_lost_copy_costs_the_deep_link_alone(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.COPYDESK_SNAPSHOTS_DIR = tmp_path
    published, row = quoted(make_source(url="https://herald.example/lost"))
    assert row.check_result is not None
    row.check_result.spans = [[0, 21]]
    row.check_result.save(update_fields=["spans"])
    link = page(client, published).css_first(".quotation__check a[rel~=external]")
    assert link is not None
    assert link.attributes["href"] == "https://herald.example/lost"


def test_nothing_of_a_source_becomes_markup(client: Client) -> None:
    evil = '"><script>alert(1)</script>'
    source = make_source(
        evil, publisher=evil, byline=[evil], doi=evil, standing_note=evil, language=evil[:20]
    )
    published, _row = quoted(source)
    for path in (published.path, source.get_absolute_url()):
        assert b"<script>alert" not in client.get(path).content


# --- Slots


def test_a_quotation_without_a_source_has_no_line(client: Client) -> None:
    published = write(quotation_block())
    tree = page(client, published)
    assert not tree.css(".quotation__check")
    assert not tree.css(".sources")
    figure = tree.css_first(".quotation")
    assert figure is not None
    assert (figure.attributes["id"] or "").startswith("q-")


def test_feeds_and_plain_text_have_no_empty_slot(client: Client) -> None:
    published, _row = quoted()
    assert "quotation__check" in published.body_html
    for form in ("rss.xml", "atom.xml", "feed.json"):
        assert b"quotation__check" not in client.get(f"/feed/{form}").content
    assert published.text == f"{TEXT}\nJane Doe"


def test_previews_have_no_empty_slot(client: Client, ada: Member) -> None:
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    article = make_article("Draft", body=[quotation_block()])
    response = client.get(f"/desk/pages/{article.pk}/revisions/{article.latest_revision.pk}/view/")
    assert response.status_code == 200
    assert b"<blockquote" in response.content
    assert b"quotation__check" not in response.content


def test_a_gate_keeps_the_quotations_behind_it(client: Client) -> None:
    secret = "Nobody may read this yet."
    hidden = quotation_block(secret)
    published = write("Open.", block("preview_end"), hidden, visibility="members")
    source = make_source()
    row = make_quotation(published.article, source, text=secret, block_id=hidden["id"])
    row.snapshot = make_snapshot(source)
    row.check_result = make_check(row.snapshot, secret)
    row.save(update_fields=["snapshot", "check_result"])
    response = client.get(published.path)
    assert source.title in response.text
    assert secret not in response.text
    assert secret not in client.get(source.get_absolute_url()).text
    assert client.get(f"/quotations/{row.uuid}.jsonld").status_code == 404


# --- The panel


def test_the_panel_lists_each_source_once(client: Client) -> None:
    published, row = quoted(
        make_source("First", byline=["Ann Author", "Bo Writer"], access="paywalled")
    )
    make_citation(published.article, row.source, Relation.DISPUTES)
    make_citation(published.article, make_source("Second", standing="corrected"), position=1)
    items = page(client, published).css(".sources .source")
    first, second = (" ".join(item.text().split()) for item in items)
    assert first.startswith(
        "First Ann Author and Bo Writer The Herald Nov. 19, 2026 Behind a paywall"
    )
    assert "Quoted, disputed" in first
    assert "Corrected by its publisher" in second
    assert "Cited" in second


def test_the_panel_leads_back_to_each_quotation(client: Client) -> None:
    published, row = quoted()
    tree = page(client, published)
    back = tree.css_first(".source a.source__back")
    assert back is not None
    assert back.attributes["href"] == f"#q-{row.block_id[:8]}"
    assert tree.css_first(f"figure#q-{row.block_id[:8]}") is not None


def test_links_are_robust(client: Client) -> None:
    published, row = quoted()
    link = page(client, published).css_first(".source__title a")
    assert link is not None
    assert row.snapshot is not None
    attributes = link.attributes
    assert attributes["href"] == attributes["data-originalurl"] == row.source.url
    assert attributes["data-versionurl"] == (
        f"http://localhost:8000/sources/{row.source_id}/#snapshot-{row.snapshot.pk}"
    )
    assert attributes["data-versiondate"] == "2026-11-19"


def test_a_dead_source_leads_to_what_we_keep(client: Client) -> None:
    published, row = quoted(make_source(liveness="dead"))
    link = page(client, published).css_first(".source__title a")
    assert link is not None
    assert link.attributes["href"] == row.source.get_absolute_url()
    assert link.attributes["data-originalurl"] == row.source.url


def test_an_article_takes_at_most_ten_queries_with_many_sources(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    blocks = [quotation_block() for _number in range(6)]
    published = write(*blocks, series=make_series(), topics=["Bridges"], by=["Rosa Reporter"])
    for body in blocks:
        source = make_source()
        row = make_quotation(published.article, source, block_id=body["id"])
        row.snapshot = make_snapshot(source)
        row.check_result = make_check(row.snapshot)
        row.save(update_fields=["snapshot", "check_result"])
    client.get("/")
    with django_assert_max_num_queries(10):
        response = client.get(published.path)
    assert response.text.count('class="quotation__check ') == 6
