"""Before an article is published, its quotations are settled; while it is written, the editor sees how they stand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from copydesk.editorial.models import Article, ArticleCitation
from copydesk.editorial.queries.checklists import article_checklist
from copydesk.ops.actions.schedule import publish_revision
from copydesk.sources.logic.checklist import Level, Rule
from copydesk.sources.models import Citation, Quotation, QuotationPolicy, Relation, Source, Standing
from tests.factories.desk import body_data, create, edit_url, enter, new_body, read_form, rich, save
from tests.factories.editorial import front_page as root
from tests.factories.editorial import make_article, publish
from tests.factories.quoting import (
    ALTERED_WORDS,
    FOREIGN_WORDS,
    TRUE_WORDS,
    copy_source,
    make_copied_source,
    quotation,
)
from tests.factories.sources import make_source

if TYPE_CHECKING:
    from pytest_django import Settings

    from copydesk.members.models import Member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("front_page", "archive_dir")]

KEPT_BACK = "it is not published"


def choose(**choices: str) -> None:
    QuotationPolicy.load()
    QuotationPolicy.objects.update(**choices)


def levels(article: Article) -> dict[Rule, tuple[Level, int]]:
    draft = article.get_latest_revision_as_object()
    return {item.rule: (item.level, item.count) for item in article_checklist(draft).items}


def is_live(article: Article) -> bool:
    return bool(Article.objects.get(pk=article.pk).live)


# --- The list


def test_the_list_says_how_each_quotation_and_source_stands() -> None:
    good = make_copied_source(byline=["Ada Marsh"])
    bare, retracted = make_source(published_on=""), make_copied_source(standing=Standing.RETRACTED)
    article = make_article(
        body=[
            "She said “a good deal more than six words, all of them hers”, and left.",
            quotation(TRUE_WORDS, good),
            quotation(ALTERED_WORDS, good),
            quotation(FOREIGN_WORDS, good),
            quotation(FOREIGN_WORDS, good, override_reason="She wrote to us."),
            quotation(FOREIGN_WORDS, good, kind="translated"),
            quotation(TRUE_WORDS, bare),
            quotation(TRUE_WORDS),
            quotation(TRUE_WORDS, retracted),
        ]
    )
    assert levels(article) == {
        Rule.ALTERED: (Level.BLOCK, 1),
        Rule.NOT_FOUND: (Level.BLOCK, 1),
        Rule.STANDING: (Level.WARN, 1),
        Rule.UNSOURCED: (Level.WARN, 1),
        Rule.INLINE: (Level.WARN, 1),
        Rule.UNCHECKED: (Level.WARN, 1),
        Rule.NO_COPY: (Level.WARN, 1),
        Rule.INCOMPLETE: (Level.WARN, 2),
        Rule.OVERRIDDEN: (Level.FINE, 1),
        Rule.TRANSLATED: (Level.FINE, 1),
        Rule.EXACT: (Level.FINE, 2),
    }


def test_a_retracted_source_may_be_disputed() -> None:
    source = make_copied_source(standing=Standing.RETRACTED, byline=["A"])
    article = make_article()
    article.article_citations = [ArticleCitation(source=source, relation=Relation.DISPUTES)]
    article.save_revision()
    assert Rule.STANDING not in levels(article)
    article.article_citations = [ArticleCitation(source=source, relation=Relation.BASED_ON)]
    article.save_revision()
    assert levels(article)[Rule.STANDING] == (Level.WARN, 1)


def test_words_that_were_published_stay_as_they_were_checked() -> None:
    source = make_copied_source()
    article = make_article(body=[quotation(TRUE_WORDS, source)])
    publish(article)
    copy_source(source, "Another page.", captured_at=timezone.now() + timedelta(days=1))
    assert levels(article)[Rule.EXACT] == (Level.FINE, 1)


def test_the_number_of_queries_is_the_same_for_many_quotations() -> None:
    def count(number: int) -> int:
        blocks = [quotation(f"{TRUE_WORDS} {n}", make_copied_source()) for n in range(number)]
        article = make_article(body=blocks)
        draft = Article.objects.get(pk=article.pk).get_latest_revision_as_object()
        with CaptureQueriesContext(connection) as asked:
            article_checklist(draft)
        return len(asked)

    assert count(20) == count(1) <= 7


def test_words_in_the_text_have_the_source_that_is_cited_for_them() -> None:
    source = make_copied_source(byline=["Ada Marsh"])
    article = make_article(body=[f"She said: “{TRUE_WORDS}.”", f"And “{FOREIGN_WORDS}”."])
    assert levels(article) == {Rule.INLINE: (Level.WARN, 2)}
    article.article_citations = [ArticleCitation(source=source, relation=Relation.QUOTES)]
    article.save_revision()
    assert levels(article) == {Rule.INLINE: (Level.WARN, 1)}


# --- Publishing


def test_altered_words_keep_an_article_back_and_the_draft_is_saved(desk: Client) -> None:
    block = quotation(ALTERED_WORDS, make_copied_source())
    article = make_article(body=[block])
    response = save(desk, article, action="action-publish", title="Changed while publishing")
    assert response["Location"] == f"{edit_url(article)}?unsettled=1"
    assert not is_live(article)
    assert not Quotation.objects.exists()
    article = Article.objects.get(pk=article.pk)
    assert article.get_latest_revision_as_object().title == "Changed while publishing"
    page = desk.get(response["Location"]).content.decode()
    assert page.count(KEPT_BACK) == 1
    assert ALTERED_WORDS in page
    assert f'href="#block-{block["id"]}-section"' in page
    assert "say why these words are kept" in page
    assert KEPT_BACK not in desk.get(edit_url(article)).content.decode()


def test_a_reason_lets_it_be_published(desk: Client) -> None:
    block = quotation(ALTERED_WORDS, make_copied_source(), override_reason="Corrected by her.")
    article = make_article(body=[block])
    save(desk, article, action="action-publish")
    assert is_live(article)


def test_once_settled_the_address_of_the_message_says_nothing(desk: Client) -> None:
    article = make_article(body=[quotation(TRUE_WORDS, make_copied_source())])
    assert KEPT_BACK not in desk.get(f"{edit_url(article)}?unsettled=1").content.decode()


def test_a_new_article_is_kept_as_a_draft(desk: Client) -> None:
    source = make_copied_source()
    value = {"text": rich(ALTERED_WORDS), "source": source.pk, "kind": "direct"}
    typed = new_body({"type": "quotation", "value": value})
    response = create(desk, action="action-publish", title="New and altered", **typed)
    article = Article.objects.get(title="New and altered")
    assert response["Location"] == f"{edit_url(article)}?unsettled=1"
    assert not article.live


def scheduled(source: Source) -> Article:
    """Return an article whose draft has a date to go live at."""
    return make_article(
        body=[quotation(ALTERED_WORDS, source)], go_live_at=timezone.now() + timedelta(days=1)
    )


def test_scheduling_is_publishing(desk: Client) -> None:
    article = scheduled(make_copied_source())
    save(desk, article, action="action-publish")
    assert not article.revisions.exclude(approved_go_live_at=None).exists()


def test_what_was_scheduled_is_published_whatever_its_source_says_by_then(
    desk: Client, caplog: pytest.LogCaptureFixture
) -> None:
    source = make_source()
    article = scheduled(source)
    save(desk, article, action="action-publish")
    revision = article.revisions.exclude(approved_go_live_at=None).get()
    copy_source(source)
    past = timezone.now() - timedelta(minutes=1)
    revision.content["go_live_at"], revision.approved_go_live_at = past.isoformat(), past
    revision.save(update_fields=["content", "approved_go_live_at"])
    publish_revision(revision.pk, timezone.now())
    assert is_live(article)
    assert "words that are not their sources'" in caplog.text


def test_several_are_published_only_when_each_may_be(desk: Client) -> None:
    good = make_article("Good")
    bad = make_article("Bad", body=[quotation(ALTERED_WORDS, make_copied_source())])
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    where = f"{url}?id={good.pk}&id={bad.pk}&next=/desk/"
    response = desk.post(where, {}, follow=True)
    page = response.content.decode()
    assert not is_live(good)
    assert not is_live(bad)
    assert "Nothing is published" in page
    assert f"{edit_url(bad)}?unsettled=1" in page
    desk.post(f"{url}?id={root().pk}", {"include_descendants": "on"})
    assert not is_live(bad)
    desk.post(f"{url}?id={good.pk}&next=/desk/", {})
    assert is_live(good)


# --- Approval


def submitted(client: Client, writer: Member, block: dict[str, Any]) -> Article:
    article = make_article("For approval", body=[block], owner=writer)
    save(enter(client, writer), article, action="action-submit")
    fresh: Article = Article.objects.get(pk=article.pk)
    assert fresh.current_workflow_state
    return fresh


def test_approving_in_the_editor_keeps_what_was_typed(
    carl: Member, ada: Member, settings: Settings
) -> None:
    settings.WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = (
        False  # Else nothing typed is published by it anyway.
    )
    block = quotation(ALTERED_WORDS, make_copied_source())
    article, client = submitted(Client(), carl, block), enter(Client(), ada)
    url = edit_url(article)
    typed = {**read_form(client, url), **body_data(article), "title": "Edited while approving"}
    approve = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    response = client.post(url, typed | approve)
    assert response["Location"] == f"{url}?unsettled=1"
    article = Article.objects.get(pk=article.pk)
    assert not article.live
    assert article.get_latest_revision_as_object().title == "Edited while approving"
    state = article.current_workflow_state
    assert (state.status, state.current_task_state.status) == ("in_progress", "in_progress")
    assert KEPT_BACK in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize("header", [{}, {"x-requested-with": "XMLHttpRequest"}])
def test_approving_from_a_list_leads_to_the_editor(
    carl: Member, ada: Member, header: dict[str, str]
) -> None:
    block = quotation(ALTERED_WORDS, make_copied_source())
    article, client = submitted(Client(), carl, block), enter(Client(), ada)
    task = article.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[article.pk, "approve", task.pk])
    response = client.post(url, {"comment": ""}, headers=header)
    to = response.json()["redirect"] if header else response["Location"]
    assert to == f"{edit_url(article)}?unsettled=1"
    assert not is_live(article)


def test_what_is_settled_is_published_by_its_approval(carl: Member, ada: Member) -> None:
    article = submitted(Client(), carl, quotation(TRUE_WORDS, make_copied_source()))
    task = article.current_workflow_task_state
    url = reverse("wagtailadmin_pages:workflow_action", args=[article.pk, "approve", task.pk])
    enter(Client(), ada).post(url, {"comment": ""})
    assert is_live(article)


# --- The panel


def test_the_editor_shows_the_list(desk: Client) -> None:
    block = quotation(ALTERED_WORDS, make_copied_source())
    article = make_article(body=[block, quotation(TRUE_WORDS, make_copied_source())])
    page = desk.get(edit_url(article)).content.decode()
    panel = page.partition('data-side-panel="sources"')[2].partition("</aside>")[0]
    assert "1 quotation differs from its source." in panel
    assert "Must be settled" in panel
    assert f'href="#block-{block["id"]}-section"' in panel
    assert "1 quotation has its source’s words." in panel
    assert "2 sources lack their author or date." in panel


def test_an_article_that_quotes_nothing_says_so(desk: Client) -> None:
    assert "Nothing is quoted" in desk.get(edit_url(make_article())).content.decode()


def test_hostile_words_are_shown_as_words(desk: Client) -> None:
    source = make_copied_source(title="<script>alert(1)</script>", byline=[])
    block = quotation("&lt;img src=x onerror=alert(1)&gt; nobody said this at all", source)
    article = make_article(body=[block])
    save(desk, article, action="action-publish")
    page = desk.get(f"{edit_url(article)}?unsettled=1").content.decode()
    assert KEPT_BACK in page
    assert "<img src=x" not in page
    assert "<script>alert(1)" not in page


# --- The site's choice


@pytest.mark.parametrize("choice", ["block", "warn", "ignore"])
def test_the_site_chooses_what_keeps_an_article_back(desk: Client, choice: str) -> None:
    choose(altered=choice, unsourced="block")
    article = make_article(body=[quotation(ALTERED_WORDS, make_copied_source())])
    save(desk, article, action="action-publish")
    assert is_live(article) is (choice != "block")
    unsourced = make_article(body=[quotation(TRUE_WORDS)])
    save(desk, unsourced, action="action-publish")
    assert not is_live(unsourced)


def test_owners_and_editors_set_the_rules(ada: Member, olga: Member, wanda: Member) -> None:
    url = reverse("wagtailsettings:edit", args=["sources", "quotationpolicy"])
    for member, status in ((ada, 302), (olga, 302), (wanda, 302)):
        assert enter(Client(), member).get(url).status_code == status
    follow = {member: enter(Client(), member).get(url, follow=True) for member in (ada, wanda)}
    assert b"Must be settled before publishing" in follow[ada].content
    assert b"Must be settled before publishing" not in follow[wanda].content


def test_a_source_cited_in_the_editor_is_part_of_the_draft(desk: Client) -> None:
    source, article = make_source("A report"), make_article()
    cited = {
        "article_citations-TOTAL_FORMS": "1",
        "article_citations-0-source": str(source.pk),
        "article_citations-0-relation": "data_from",
        "article_citations-0-claim": "A number",
        "article_citations-0-ORDER": "1",
        "article_citations-0-id": "",
        "article_citations-0-DELETE": "",
        "article_citations-0-note": "",
    }
    save(desk, article, **cited)
    draft = Article.objects.get(pk=article.pk).get_latest_revision_as_object()
    assert [row.source for row in draft.article_citations.all()] == [source]
    assert not Citation.objects.exists(), "readers get it when it is published"
    save(desk, article, action="action-publish")
    assert [row.source for row in Citation.objects.all()] == [source]


def test_a_draft_whose_source_is_gone_opens_without_it(desk: Client) -> None:
    source, article = make_source(), make_article()
    publish(article)
    article = Article.objects.get(pk=article.pk)
    article.article_citations = [ArticleCitation(source=source)]
    article.save_revision()
    source.delete()
    assert desk.get(edit_url(article)).status_code == 200
    draft = Article.objects.get(pk=article.pk).get_latest_revision_as_object()
    assert list(draft.article_citations.all()) == []


def test_a_source_is_chosen_by_what_it_is_found_by(desk: Client, ben: Member) -> None:
    for title in ("The bridge report", "A book of rivers"):
        make_source(title, publisher="The Gazette")
    url = reverse("source_chooser:choose_results")
    assert "A book of rivers" in desk.get(url).content.decode()
    found = desk.get(url, {"q": "BRIDGE"}).content.decode()
    assert "The bridge report" in found
    assert "A book of rivers" not in found
    assert "The bridge report" in desk.get(url, {"q": "herald.example"}).content.decode()
    for odd in ("\0", "%", "x" * 501, "'\""):
        assert desk.get(url, {"q": odd}).status_code == 200
    choose = reverse("source_chooser:choose")
    assert choose in desk.get(edit_url(make_article())).content.decode()
    assert enter(Client(), ben).get(url).status_code == 302
