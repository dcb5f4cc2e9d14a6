"""The page store under `copydesk serve`: several processes, restarts, the schedule, a file that cannot be written."""

from __future__ import annotations

import json
import shutil
import time
from typing import TYPE_CHECKING

from tests.integration.ops.conftest import wait_until

if TYPE_CHECKING:
    from tests.integration.ops.conftest import Server, Site

WRITE = """
from copydesk.editorial.actions.setup import prepare_site
from copydesk.kit import clock
prepare_site(at=clock.now())
from copydesk.editorial.models import Article, FrontPage
article = Article(title="Version 1", slug="story", live=False, body="[]")
FrontPage.objects.get().add_child(instance=article)
article.save_revision().publish()
"""
REWRITE = """
from copydesk.editorial.actions.setup import prepare_site
from copydesk.kit import clock
prepare_site(at=clock.now())
from copydesk.editorial.models import Article
article = Article.objects.get(slug="story")
article.title = "Version 2"
article.save_revision().publish()
"""
EXPIRE_SOON = """
from datetime import timedelta
from django.utils import timezone
from copydesk.editorial.models import Article
article = Article.objects.get(slug="story")
article.expire_at = timezone.now() + timedelta(seconds=6)
article.save_revision().publish()
print(article.expire_at.timestamp())
"""


def stats(site: Site) -> dict[str, int]:
    done = site.run("pages", "stats", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout)
    return found


def is_shown(server: Server, words: str, path: str = "/story/") -> bool:
    return words.encode() in server.get(path).body


def test_pages_are_kept_over_a_restart_and_given_up_when_they_change(site: Site) -> None:
    site.shell(WRITE)
    server = site.start("--workers", "2")
    etag = server.get("/story/").headers["ETag"]
    for _reader in range(8):  # Both workers answer with the same bytes.
        assert server.get("/story/").headers["ETag"] == etag
    assert server.stop() == 0
    before = stats(site)["stored"]
    server = site.start("--workers", "2")
    assert server.get("/story/").headers["ETag"] == etag
    time.sleep(2.5)  # Until the counts are handed on.
    server.get("/story/")
    assert stats(site)["stored"] == before, "the pages of before the restart are served"
    site.shell(REWRITE)
    wait_until(lambda: is_shown(server, "Version 2"), patience=10)
    assert is_shown(server, "Version 2")


def test_pages_that_are_read_most_are_made_before_a_reader_asks(site: Site) -> None:
    site.shell(WRITE)
    server = site.start()
    wait_until(lambda: stats(site)["pages"] >= 6, patience=30)
    stored = stats(site)["stored"]
    site.shell(REWRITE)
    wait_until(lambda: stats(site)["stored"] >= stored + 6, patience=30)
    assert is_shown(server, "Version 2", "/")


def test_what_expires_is_gone_at_its_moment(site: Site) -> None:
    server = site.start()
    site.shell(WRITE)
    due_at = float(site.shell(EXPIRE_SOON).splitlines()[-1])
    assert is_shown(server, "Version 1")
    while server.get("/story/").status == 200:
        assert time.time() < due_at + 30
        time.sleep(0.02)
    assert time.time() >= due_at, "not before its time either"
    assert server.get("/story/").status == 410
    assert not is_shown(server, "Version 1", "/")


def test_a_site_whose_store_cannot_be_written_is_served_without_it(site: Site) -> None:
    site.shell(WRITE)
    shutil.rmtree(site.folder / "data" / "pages")
    (site.folder / "data" / "pages").write_text("in the way")
    server = site.start()
    for _reader in range(3):
        assert is_shown(server, "Version 1")
    site.shell(REWRITE)
    assert is_shown(server, "Version 2")
    assert server.log.count("The page store cannot be used") <= 2, "once in each process"
    assert "Traceback" not in server.log
    assert "page store" in site.run("doctor").stdout
    (site.folder / "data" / "pages").unlink()
    made = site.folder / "data" / "pages" / "pages.mdb"
    wait_until(lambda: server.answers("/story/") and made.exists(), patience=30)
    # A look is taken when a request comes.
    wait_until(
        lambda: server.answers("/story/") and "Pages are stored again" in server.log, patience=60
    )
