from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, ReferenceIndex

from copydesk.editorial.backends import search
from copydesk.editorial.models import (
    Article,
    Discussion,
    FrontPage,
    PublishedArticle,
    PublishedMonth,
    StaticPage,
    Topic,
)
from copydesk.importers.models import ImportRun
from copydesk.importers.wordpress.actions import bodies, writing
from tests import database
from tests.factories.importing import AUTHOR, everything, run
from tests.factories.wxr import item, meta, term, write

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client


@pytest.fixture
def front(front_page: FrontPage) -> FrontPage:
    return front_page


@pytest.mark.parametrize(
    ("name", "articles", "pages"),
    [("themeunittestdata.wordpress.xml", 58, 21), ("64-block-test-data.xml", 61, 1)],
)
def test_real_archives_come_in_whole_and_once(
    front: FrontPage, shared_data: Path, client: Client, name: str, articles: int, pages: int
) -> None:
    path = shared_data / "wordpress" / name
    report = run(path)
    assert report["failures"] == []
    assert report["counts"]["articles"] == {"created": articles}
    assert report["counts"]["pages"] == {"created": pages}
    assert Page.find_problems() == ([], [], [], [], [])
    live = PublishedArticle.objects.count()
    assert live == Article.objects.live().count() >= articles - 3
    assert sum(PublishedMonth.objects.values_list("article_count", flat=True)) == live
    for published in PublishedArticle.objects.order_by("pk")[:5]:
        assert client.get(published.path).status_code == 200
    before = everything()
    again = run(path)
    assert again["counts"]["articles"] == {"unchanged": articles}
    assert everything() == before


def test_two_sites_with_one_address_do_not_overwrite_each_other(
    front: FrontPage, shared_data: Path
) -> None:
    """The two archives have the same address and some of the same numbers."""
    folder = shared_data / "wordpress"
    run(folder / "themeunittestdata.wordpress.xml")
    report = run(folder / "64-block-test-data.xml")
    assert report["counts"]["articles"] == {"created": 61}
    assert Article.objects.count() == 119


def test_an_article_has_all_it_had(front: FrontPage, tmp_path: Path) -> None:
    more = (
        term("category", "uncategorized", "Uncategorized")
        + term("post_tag", "eu", "EU")
        + term("category", "news", "News")
        + meta("_yoast_wpseo_metadesc", "In short")
        + meta("_yoast_wpseo_title", "%%title%% x")
    )
    content = "<p>First <a href='https://www.old.example/?p=2'>link</a></p>"
    path = write(
        tmp_path,
        item(
            1, content=content, more=more, title="A <em>day</em> &amp; more", excerpt="So it <b>goes</b>.",
            is_sticky="1", comment_status="closed", post_modified_gmt="2011-01-01 00:00:00",
        ),
        item(2, title="Target"),
        head=AUTHOR,
    )  # fmt: skip
    run(path)
    article = Article.objects.get(slug="post-1")
    target = Article.objects.get(slug="post-2")
    assert (article.title, article.standfirst, article.is_featured) == (
        "A day & more",
        "So it goes.",
        True,
    )
    assert article.first_published_at == datetime(2010, 3, 4, 4, 6, 7, tzinfo=UTC)
    assert article.last_published_at == datetime(2011, 1, 1, tzinfo=UTC)
    assert article.discussion == Discussion.OFF
    assert (article.search_description, article.seo_title) == ("In short", "")
    assert [link.topic.name for link in article.article_topics.all()] == ["News", "EU"]
    person = article.bylines.get().person
    assert (person.name, person.bio, person.email) == ("Ann Lee", "<p>Writes here.</p>", "")
    assert f'<a linktype="page" id="{target.pk}">link</a>' in article.body[0].value.source
    published = article.published
    assert published.published_at == article.first_published_at
    assert '<a href="/post-2/"' in published.body_html
    assert Topic.objects.get(name="News").article_count == 1
    assert [hit.article_id for hit in search.find_articles("goes", limit=5)] == [article.pk]


def test_a_revision_holds_what_was_imported(front: FrontPage, tmp_path: Path) -> None:
    run(write(tmp_path, item(1, content="Words", more=term("category", "a", "A"))))
    article = Article.objects.get()
    revision = article.latest_revision
    assert revision is not None
    assert article.live_revision_id == revision.pk
    kept = revision.as_object()
    assert (kept.title, kept.body[0].value.source) == ("Post 1", "<p>Words</p>")
    assert [link.topic.name for link in kept.article_topics.all()] == ["A"]
    assert ReferenceIndex.get_references_to(Topic.objects.get()).count() == 1


def test_states(front: FrontPage, tmp_path: Path) -> None:
    report = run(
        write(
            tmp_path,
            item(1, status="draft", post_date_gmt="0000-00-00 00:00:00"),
            item(2, status="pending"),
            item(3, status="private"),
            item(4, status="trash"),
            item(5, status="future", post_date_gmt="2030-01-01 00:00:00"),
            item(6, status="future", post_date_gmt="2020-01-01 00:00:00"),
            item(7, post_password="secret"),
            item(8, post_type="nav_menu_item"),
            item(9, status="auto-draft"),
        )
    )
    states = {a.slug: (a.live, a.go_live_at is not None) for a in Article.objects.all()}
    assert states == {
        "post-1": (False, False),
        "post-2": (False, False),
        "post-3": (False, False),
        "post-5": (False, True),
        "post-6": (True, False),
        "post-7": (False, False),
    }
    scheduled = Article.objects.get(slug="post-5").latest_revision
    assert scheduled is not None
    assert scheduled.approved_go_live_at == datetime(2030, 1, 1, tzinfo=UTC)
    assert report["skipped"]["in the trash"] == 1
    noted = {(line["id"], line["kind"]) for line in report["noted_items"]}
    assert noted == {(3, "state"), (6, "state"), (7, "state")}
    assert "secret" not in json.dumps(report)


def test_old_addresses_redirect_for_good(front: FrontPage, tmp_path: Path, client: Client) -> None:
    more = (
        term("category", "news", "News")
        + term("post_tag", "eu", "EU")
        + meta("_wp_old_slug", "first-name")
    )
    run(
        write(
            tmp_path, item(1, more=more), item(2, link="https://old.example/post-2/"), head=AUTHOR
        )
    )
    for old, new in [
        ("/2010/03/post-1/", "/post-1/"),
        ("/2010/03/post-1", "/post-1/"),
        ("/2010/03/first-name/", "/post-1/"),
        ("/?p=1", "/post-1/"),
        ("/category/news/", "/topics/news/"),
        ("/tag/eu/", "/topics/eu/"),
        ("/author/ann/", "/people/ann-lee/"),
    ]:
        answer = client.get(old)
        assert (answer.status_code, answer.headers.get("Location")) == (301, new), old
    assert client.get("/post-2/").status_code == 200


def test_slugs_are_readable_free_and_not_ours(front: FrontPage, tmp_path: Path) -> None:
    run(
        write(
            tmp_path,
            item(1, post_name="search"),
            item(2, post_name="%cf%80%ce%b5%cf%81%ce%b9"),
            item(3, post_name="same"),
            item(4, post_name="same"),
            item(5, post_name="", title="Named by title", status="draft"),
        )
    )
    assert set(Article.objects.values_list("slug", flat=True)) == {
        "search-2",
        "peri",
        "same",
        "same-2",
        "named-by-title",
    }


def test_pages_keep_their_tree_whatever_their_order(
    front: FrontPage, tmp_path: Path, client: Client
) -> None:
    run(
        write(
            tmp_path,
            item(1, post_type="page", post_name="child", post_parent="2", content="Inside"),
            item(2, post_type="page", post_name="parent"),
            item(3, post_type="page", post_name="loop-a", post_parent="4"),
            item(4, post_type="page", post_name="loop-b", post_parent="3"),
        )
    )
    assert StaticPage.objects.get(slug="child").url_path.endswith("/parent/child/")
    assert b"Inside" in client.get("/parent/child/").content
    assert StaticPage.objects.count() == 4


def test_several_authors(front: FrontPage, tmp_path: Path) -> None:
    guest = item(
        9, post_type="guest-author", post_name="cap-bo", title="bo",
        more=meta("cap-display_name", "Bo Guest") + meta("cap-user_login", "bo"),
    )  # fmt: skip
    more = term("author", "cap-bo", "bo") + term("author", "cap-ann", "ann")
    run(write(tmp_path, item(1, more=more), guest, head=AUTHOR))
    assert [byline.person.name for byline in Article.objects.get().bylines.all()] == [
        "Bo Guest",
        "Ann Lee",
    ]


def test_footnotes(front: FrontPage, tmp_path: Path) -> None:
    key = "aa484441-9ea2-470c-a0a3-218ede0c6b05"
    content = f'<!-- wp:paragraph --><p>A<sup data-fn="{key}"><a href="#">1</a></sup></p><!-- /wp:paragraph -->'
    run(
        write(
            tmp_path,
            item(
                1, content=content, more=meta("footnotes", f'[{{"id":"{key}","content":"Note"}}]')
            ),
        )
    )
    html = PublishedArticle.objects.get().body_html
    assert 'role="doc-noteref"' in html
    assert "Note" in html


def test_posts_without_title_get_their_first_words(front: FrontPage, tmp_path: Path) -> None:
    run(
        write(
            tmp_path,
            item(1, title="", content="Rain today. And wind."),
            item(2, title="", post_name="x"),
        )
    )
    assert set(Article.objects.values_list("title", flat=True)) == {"Rain today.", "Untitled"}


def test_kept_html_is_sanitized_in_the_database(front: FrontPage, tmp_path: Path) -> None:
    content = '<!-- wp:acme/x --><p onclick="x()">Kept</p><script>y()</script><!-- /wp:acme/x -->'
    run(write(tmp_path, item(1, content=content)))
    assert Article.objects.get().body[0].value["html"] == "<p>Kept</p>"


# -- again, in part, and when things go wrong


def test_what_changed_at_the_source_changes_here_unless_it_was_edited_here(
    front: FrontPage, tmp_path: Path
) -> None:
    run(write(tmp_path, item(1, content="One"), item(2, content="Two"), item(3, content="Three")))
    edited = Article.objects.get(slug="post-2")
    edited.title = "Mine"
    edited.save_revision().publish()
    Article.objects.get(slug="post-3").delete()
    report = run(
        write(tmp_path, item(1, content="Uno"), item(2, content="Dos"), item(3, content="Tres"))
    )
    assert report["counts"]["articles"] == {"updated": 1, "edited here": 1, "deleted here": 1}
    assert Article.objects.get(slug="post-1").body[0].value.source == "<p>Uno</p>"
    assert PublishedArticle.objects.get(path="/post-1/").text == "Uno"
    assert Article.objects.get(slug="post-2").title == "Mine"
    assert Article.objects.count() == 2


def test_one_bad_item_stops_nobody(
    front: FrontPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = bodies.convert_item

    def breaks(session: Any, found: Any, imported: Any) -> Any:
        if found.wp_id == 2:
            raise ValueError("cannot be read")
        draft = real(session, found, imported)
        if found.wp_id == 3:
            # The database refuses it, and the batch with it.
            return replace(draft, converted=replace(draft.converted, footnotes={"no uuid": "x"}))
        return draft

    monkeypatch.setattr(writing, "convert_item", breaks)
    path = write(
        tmp_path, *(item(number, more=term("category", "a", "A")) for number in range(1, 6))
    )
    report = run(path)
    assert report["counts"]["articles"] == {"failed": 2, "created": 3}
    assert [(line["id"], line["title"]) for line in report["failures"]] == [
        (2, "Post 2"),
        (3, "Post 3"),
    ]
    assert report["failures"][0]["detail"] == "ValueError: cannot be read"
    assert report["failures"][0]["line"]
    assert set(Article.objects.values_list("slug", flat=True)) == {"post-1", "post-4", "post-5"}
    assert Topic.objects.get().article_count == 3
    monkeypatch.undo()
    assert run(path)["counts"]["articles"] == {"unchanged": 3, "created": 2}


def test_a_bad_file_writes_nothing(front: FrontPage, tmp_path: Path) -> None:
    before = everything()
    path = write(tmp_path, item(1), item(2))
    path.write_text(path.read_text().replace("</channel>", ""))
    with pytest.raises(CommandError) as caught:
        call_command("import", "wordpress", str(path))
    assert caught.value.returncode == 2
    assert everything() == before
    assert not ImportRun.objects.exists()


def test_a_dry_run_writes_nothing_and_tells_all(front: FrontPage, tmp_path: Path) -> None:
    before = everything()
    out = io.StringIO()
    path = write(tmp_path, item(1, content="[form id=1]"), item(2, status="trash"))
    call_command("import", "wordpress", str(path), "--dry-run", "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert report["counts"]["articles"] == {"would be imported": 1}
    assert (report["skipped"], report["notes"]) == ({"in the trash": 1}, {"shortcode_dropped": 1})
    assert everything() == before
    assert not ImportRun.objects.exists()


def test_a_site_not_set_up_is_told_so(front: FrontPage, tmp_path: Path) -> None:
    front.delete()
    with pytest.raises(CommandError, match="copydesk init"):
        call_command("import", "wordpress", str(write(tmp_path, item(1))))


def test_the_report_for_people(front: FrontPage, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("import", "wordpress", str(write(tmp_path, item(1))), stdout=out)
    assert "articles" in out.getvalue()
    assert "created" in out.getvalue()


@pytest.mark.sqlite
@pytest.mark.long
def test_a_killed_import_goes_on(tmp_path: Path) -> None:
    """Kill -9 in the middle; the next run ends with what one run alone would have made."""
    site = tmp_path / "site"
    (site / "data").mkdir(parents=True)
    path = write(
        tmp_path,
        *(item(number, content="<p>Some words here.</p>" * 40) for number in range(1, 501)),
    )
    environ = {key: value for key, value in os.environ.items() if not key.startswith("COPYDESK_")}
    environ |= {"COPYDESK_DIR": str(site), "DJANGO_SETTINGS_MODULE": "copydesk.config.settings"}
    with database._one_at_a_time():
        shutil.copy(database._sqlite(), site / "data" / "copydesk.sqlite3")
    prepare = (
        "import django; django.setup();"
        "from copydesk.editorial.actions.setup import prepare_site; from copydesk.kit import clock;"
        "prepare_site(at=clock.now())"
    )
    subprocess.run([sys.executable, "-c", prepare], env=environ, check=True, capture_output=True)
    command = [sys.executable, "-m", "django", "import", "wordpress", str(path), "--json"]
    killed = subprocess.Popen(
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while killed.poll() is None and _count(site, "editorial_publishedarticle") < 100:
        time.sleep(0.05)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    done_before = _count(site, "editorial_publishedarticle")
    assert 100 <= done_before < 500
    again = subprocess.run(command, env=environ, check=True, capture_output=True)
    counts = json.loads(again.stdout)["counts"]["articles"]
    assert counts == {"unchanged": done_before, "created": 500 - done_before}
    assert _count(site, "editorial_publishedarticle") == 500
    assert _count(site, "editorial_article") == 500


def _count(site: Path, table: str) -> int:
    import sqlite3

    with suppress(sqlite3.OperationalError):
        connection = sqlite3.connect(site / "data" / "copydesk.sqlite3", timeout=20)
        try:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
        finally:
            connection.close()
    return 0
