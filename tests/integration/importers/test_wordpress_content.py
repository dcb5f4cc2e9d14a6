"""What a post, a page or an author of an archive becomes, end to end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from copydesk.editorial.models import (
    Article,
    FrontPage,
    Person,
    PublishedArticle,
    StaticPage,
    Topic,
)
from copydesk.importers.models import ImportRun
from copydesk.kit import clock
from copydesk.ops.queries.stats import get_counts
from tests.factories.importing import AUTHOR, everything, run
from tests.factories.wxr import item, meta, term, write

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django import Settings


@pytest.fixture
def front(front_page: FrontPage) -> FrontPage:
    return front_page


@pytest.mark.parametrize("name", ["valid-wxr-1.0.xml", "valid-wxr-1.1.xml", "small-export.xml"])
def test_archives_of_older_versions_come_in_whole_and_once(
    front: FrontPage, shared_data: Path, name: str
) -> None:
    path = shared_data / "wordpress" / name
    report = run(path)
    assert report["failures"] == []
    assert report["wxr_version"] in {"1.0", "1.1", "1.2"}
    found = report["found"]
    assert Article.objects.count() + StaticPage.objects.count() == found["post"] + found["page"]
    before = everything()
    run(path)
    assert everything() == before


def test_a_page_has_no_lead_picture_and_the_report_says_so(
    front: FrontPage, tmp_path: Path
) -> None:
    report = run(write(tmp_path, item(1, post_type="page", more=meta("_thumbnail_id", "5"))))
    assert [(line["kind"], line["detail"]) for line in report["noted_items"]] == [
        ("element_dropped", "featured image of a page: attachment 5")
    ]
    assert report["counts"]["pages"] == {"created": 1}


def test_comments_are_counted_and_the_count_is_kept(front: FrontPage, tmp_path: Path) -> None:
    comments = "".join(
        f"<wp:comment><wp:comment_approved>{state}</wp:comment_approved>"
        f"<wp:comment_type>{kind}</wp:comment_type></wp:comment>"
        for state, kind in [("1", ""), ("1", "comment"), ("0", ""), ("spam", ""), ("1", "pingback")]
    )
    path = write(tmp_path, item(1, more=comments), item(2, more=comments))
    expected = {"approved": 4, "pending": 2, "spam": 2, "ping": 2}
    assert run(path)["comments"] == expected
    assert ImportRun.objects.get().report["comments"] == expected
    assert run(path)["comments"] == expected
    counts = get_counts(at=clock.now())
    assert counts["comments"] == expected, "the second import of the same archive adds none"
    assert run(path, is_dry_run=True)["comments"] == expected


def test_what_stands_before_more_is_the_standfirst_and_pages_of_a_post_are_parted(
    front: FrontPage, tmp_path: Path
) -> None:
    content = "First <b>words</b>\n\n<!--more-->\n\nThe rest\n\n<!--nextpage-->\n\nPage two"
    report = run(write(tmp_path, item(1, content=content)))
    article = Article.objects.get()
    assert article.standfirst == "First words"
    assert [block.block_type for block in article.body] == ["text", "divider", "text"]
    assert [line["kind"] for line in report["noted_items"]] == ["page_break"]
    html = PublishedArticle.objects.get().body_html
    assert html.index("The rest") < html.index("<hr") < html.index("Page two")


def test_a_post_with_a_password_is_a_draft_and_the_password_is_nowhere(
    front: FrontPage, tmp_path: Path, client: Client
) -> None:
    report = run(
        write(
            tmp_path,
            item(1, post_password="hunter2", content="Secret words"),
            item(2, post_password="hunter2", post_type="page", content="Secret page"),
        )
    )
    assert not Article.objects.get().live
    assert not StaticPage.objects.get().live
    assert not PublishedArticle.objects.exists()
    assert client.get("/post-1/").status_code == client.get("/post-2/").status_code == 404
    assert client.get("/2010/03/post-1/").status_code == 404
    assert [(line["id"], line["detail"]) for line in report["noted_items"]] == [
        (1, "was protected by a password: now a draft"),
        (2, "was protected by a password: now a draft"),
    ]
    assert "hunter2" not in str(everything()) + str(report)


def test_damaged_text_is_repaired_wherever_it_stands_and_each_repair_is_listed(
    front: FrontPage, tmp_path: Path
) -> None:
    head = AUTHOR.replace("Ann Lee", "Zoâ€™e")
    path = write(
        tmp_path,
        item(
            1, title="Itâ€™s", excerpt="Thatâ€™s", content="<p>Whoâ€™s</p>",
            more=term("category", "c", "Whatâ€™s"),
        ),
        head=head,
    )  # fmt: skip
    report = run(path)
    article = Article.objects.get()
    assert (article.title, article.standfirst) == ("It’s", "That’s")
    assert article.body[0].value.source == "<p>Who’s</p>"
    assert Topic.objects.get().name == "What’s"
    assert Person.objects.get().name == "Zo’e"
    listed = {line["detail"] for line in report["noted_items"] if line["kind"] == "text_repaired"}
    assert listed == {
        "Itâ€™s → It’s",
        "Thatâ€™s → That’s",
        "<p>Whoâ€™s</p> → <p>Who’s</p>",
        "Whatâ€™s → What’s",
        "Zoâ€™e → Zo’e",
    }


def test_a_date_without_a_zone_is_one_of_the_publication(
    front: FrontPage, tmp_path: Path, settings: Settings
) -> None:
    settings.TIME_ZONE = "America/New_York"
    zero = "0000-00-00 00:00:00"
    run(
        write(
            tmp_path,
            item(1, post_date="2010-07-01 08:00:00", post_date_gmt=zero),
            item(2, post_date="2010-07-01 08:00:00", post_date_gmt="2010-07-01 06:00:00"),
        )
    )
    dates = dict(PublishedArticle.objects.values_list("path", "published_at"))
    assert dates == {
        "/post-1/": datetime(2010, 7, 1, 12, tzinfo=UTC),
        "/post-2/": datetime(2010, 7, 1, 6, tzinfo=UTC),
    }


def test_guest_authors_count_before_the_account_that_filed_the_post(
    front: FrontPage, tmp_path: Path
) -> None:
    """Co-Authors Plus names authors by terms; an account, a guest with a profile, a guest without."""
    guest = item(
        9, post_type="guest-author", post_name="cap-bo", title="bo",
        more=meta("cap-display_name", "Bo Guest") + meta("cap-user_login", "bo")
        + meta("cap-description", "Visits."),
    )  # fmt: skip
    more = (
        term("author", "cap-bo", "bo")
        + term("author", "cap-ann", "ann")
        + term("author", "cap-stranger", "A Stranger")
    )
    path = write(tmp_path, item(1, more=more), item(2), guest, head=AUTHOR)
    report = run(path)
    names = {
        article.slug: [byline.person.name for byline in article.bylines.all()]
        for article in Article.objects.all()
    }
    assert names == {"post-1": ["Bo Guest", "Ann Lee", "A Stranger"], "post-2": ["Ann Lee"]}
    assert Person.objects.get(name="Bo Guest").bio == "<p>Visits.</p>"
    assert report["counts"]["people"] == {"created": 3}
    assert "secret@old.example" not in str(everything())


def test_a_category_below_another_redirects_from_both_its_addresses(
    front: FrontPage, tmp_path: Path, client: Client
) -> None:
    head = (
        "<wp:category><wp:category_nicename>world</wp:category_nicename><wp:cat_name>World</wp:cat_name></wp:category>"
        "<wp:category><wp:category_nicename>asia</wp:category_nicename><wp:category_parent>world</wp:category_parent>"
        "<wp:cat_name>Asia</wp:cat_name></wp:category>"
    )
    run(write(tmp_path, item(1, more=term("category", "asia", "Asia")), head=head))
    for old in ("/category/asia/", "/category/world/asia/"):
        answer = client.get(old)
        assert (answer.status_code, answer.headers["Location"]) == (301, "/topics/asia/")


def test_addresses_of_a_site_in_a_folder_redirect_with_the_folder(
    front: FrontPage, tmp_path: Path, client: Client
) -> None:
    path = write(
        tmp_path,
        item(1, link="https://old.example/blog/2010/a/"),
        item(2, content='<p><a href="https://old.example/blog/2010/a/">a</a></p>'),
    )
    path.write_text(path.read_text().replace("old.example<", "old.example/blog<"))
    run(path)
    for old in ("/blog/2010/a/", "/2010/a/", "/blog/?p=1"):
        answer = client.get(old)
        assert (answer.status_code, answer.headers["Location"]) == (301, "/post-1/"), old
    assert '<a href="/post-1/">' in PublishedArticle.objects.get(path="/post-2/").body_html


def test_links_to_parts_drafts_and_other_sites_lead_where_they_should(
    front: FrontPage, tmp_path: Path
) -> None:
    content = (
        '<p><a href="https://old.example/2010/03/post-2/#part">part</a>'
        '<a href="/?p=2">number</a><a href="http://www.old.example/2010/03/post-2">www</a>'
        '<a href="https://other.example/2010/03/post-2/">other</a>'
        '<a href="https://old.example/nothing-known/">unknown</a></p>'
    )
    run(write(tmp_path, item(1, content=content), item(2)))
    html = PublishedArticle.objects.get(path="/post-1/").body_html
    assert '<a href="/post-2/#part">part</a>' in html
    assert html.count('<a href="/post-2/">') == 2
    assert 'href="https://other.example/2010/03/post-2/"' in html
    assert 'href="https://old.example/nothing-known/"' in html


def test_an_archive_larger_than_one_batch_is_one_archive(front: FrontPage, tmp_path: Path) -> None:
    """Links reach across batches, whatever their order; counters add up."""
    posts = [
        item(
            number,
            content=f'<p><a href="https://old.example/?p={451 - number}">mirror</a></p>',
            more=term("category", "a", "A"),
        )
        for number in range(1, 451)
    ]
    report = run(write(tmp_path, *posts, head=AUTHOR))
    assert report["counts"]["articles"] == {"created": 450}
    assert '<a href="/post-450/">' in PublishedArticle.objects.get(path="/post-1/").body_html
    assert '<a href="/post-1/">' in PublishedArticle.objects.get(path="/post-450/").body_html
    assert Topic.objects.get().article_count == Person.objects.get().article_count == 450
    found = FrontPage.objects.get()
    assert found.get_children().count() == found.numchild == 450
    assert FrontPage.find_problems() == ([], [], [], [], [])
