"""Files of an archive: from a folder, over the network, and their old addresses."""

from __future__ import annotations

import io
import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

import pytest
from PIL import Image
from wagtail.contrib.redirects.models import Redirect

from copydesk.editorial.models import Article, Attachment, FrontPage, Picture, PublishedArticle
from copydesk.importers.wordpress.actions import media
from copydesk.kit import http
from tests.factories.importing import attachment, everything, picture_file, run
from tests.factories.wxr import item, meta, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from django.test import Client


@pytest.fixture
def front(front_page: FrontPage) -> FrontPage:
    return front_page


def media_export(tmp_path: Path) -> Path:
    image = '<img class="wp-image-5" src="https://old.example/wp-content/uploads/2010/a-300x200.png" alt="">'
    return write(
        tmp_path,
        item(1, content=f"<p>{image}</p>[gallery]", more=meta("_thumbnail_id", "5")),
        attachment(
            5, "2010/a.png", meta("_wp_attachment_image_alt", "Red"), excerpt="Cap", post_parent="1"
        ),
        attachment(6, "2010/b.png", post_parent="1"),
        attachment(7, "2010/../../../etc/passwd.pdf"),
        attachment(8, "2010/c.svg"),
        attachment(9, "2010/d.pdf"),
        attachment(10, "2010/broken.jpg"),
    )


def test_files_come_from_a_folder(front: FrontPage, tmp_path: Path, client: Client) -> None:
    uploads = tmp_path / "uploads"
    picture_file(uploads, "2010/a.png")
    picture_file(uploads, "2010/b.png")
    (uploads / "2010/d.pdf").write_bytes(b"%PDF-1.4 words")
    (uploads / "2010/broken.jpg").write_bytes(b"no picture")
    (uploads / "2010/c.svg").write_text("<svg/>")
    report = run(media_export(tmp_path), media_dir=uploads)
    assert report["counts"]["media"] == {"created": 3, "missing": 2, "refused": 1}
    article = Article.objects.get()
    picture = Picture.objects.get(title="Post 5")
    assert (picture.description, picture.caption, picture.width) == ("Red", "Cap", 40)
    assert article.lead_picture == picture
    assert article.body[0].value["image"] == picture
    assert [image["image"].title for image in article.body[1].value["images"]] == [
        "Post 5",
        "Post 6",
    ]
    assert Attachment.objects.get().title == "Post 9"
    page = client.get("/post-1/").content.decode()
    assert "<picture>" in page
    assert "old.example" not in page
    before = everything()
    assert run(media_export(tmp_path), media_dir=uploads)["counts"]["articles"] == {"unchanged": 1}
    assert everything() == before


def test_without_files_nothing_points_to_the_old_site_and_files_may_come_later(
    front: FrontPage, tmp_path: Path, client: Client
) -> None:
    report = run(media_export(tmp_path))
    assert {line["kind"] for line in report["noted_items"]} == {"media_missing"}
    assert "old.example" not in client.get("/post-1/").content.decode()
    uploads = tmp_path / "wp-content" / "uploads"
    picture_file(uploads, "2010/a.png")
    picture_file(uploads, "2010/b.png")
    again = run(media_export(tmp_path), media_dir=tmp_path / "wp-content")
    assert again["counts"]["articles"] == {"updated": 1}
    assert Article.objects.get().lead_picture is not None
    assert PublishedArticle.objects.get().lead_picture is not None


def test_files_missing_for_good_change_nothing_the_second_time(
    front: FrontPage, tmp_path: Path
) -> None:
    uploads = tmp_path / "uploads"
    picture_file(uploads, "2010/a.png")
    first = run(media_export(tmp_path), media_dir=uploads)
    assert first["counts"]["articles"] == {"created": 1}
    before = everything()
    again = run(media_export(tmp_path), media_dir=uploads)
    assert again["counts"]["articles"] == {"unchanged": 1}
    assert everything() == before
    picture_file(uploads, "2010/b.png")
    assert run(media_export(tmp_path), media_dir=uploads)["counts"]["articles"] == {"updated": 1}
    assert all(image["image"] for image in Article.objects.get().body[1].value["images"])


def test_galleries_lead_pictures_and_files_of_a_folder_reach_readers(
    front: FrontPage, tmp_path: Path, client: Client
) -> None:
    uploads = tmp_path / "uploads"
    for name in ("one.png", "two.png", "lead.jpg"):
        picture_file(uploads, f"2011/{name}")
    (uploads / "2011/talk.mp3").write_bytes(b"ID3 sound")
    content = (
        '<!-- wp:gallery --><figure class="wp-block-gallery"><figure class="wp-block-image">'
        '<img src="https://old.example/wp-content/uploads/2011/one-150x150.png" data-id="21" class="wp-image-21"/>'
        "<figcaption>First</figcaption></figure></figure><!-- /wp:gallery -->"
        '<!-- wp:shortcode -->[gallery ids="22,21"]<!-- /wp:shortcode -->'
        '<!-- wp:audio --><figure><audio src="https://old.example/wp-content/uploads/2011/talk.mp3"></audio></figure>'
        "<!-- /wp:audio -->"
    )
    path = write(
        tmp_path,
        item(1, content=content, more=meta("_thumbnail_id", "23")),
        attachment(21, "2011/one.png"),
        attachment(22, "2011/two.png"),
        attachment(23, "2011/lead.jpg"),
        attachment(24, "2011/talk.mp3"),
    )
    report = run(path, media_dir=uploads)
    assert report["counts"]["media"] == {"created": 4}
    assert report["notes"] == {}
    one, two, lead = (Picture.objects.get(title=f"Post {number}") for number in (21, 22, 23))
    article = Article.objects.get()
    assert article.lead_picture == PublishedArticle.objects.get().lead_picture == lead
    image, gallery, audio = article.body
    assert (image.value["image"], image.value["caption"].source) == (one, "First")
    assert [shown["image"] for shown in gallery.value["images"]] == [two, one]
    assert audio.value["file"] == Attachment.objects.get()
    page = client.get("/post-1/").content.decode()
    assert "/pictures/" in page or "<picture>" in page
    assert Attachment.objects.get().url in page
    assert "old.example" not in page


# -- old addresses


COPIES = (
    'a:2:{s:4:"file";s:12:"2010/a b.png";s:5:"sizes";a:1:{s:6:"medium";a:1:{s:4:"file";s:15:"a b-300x200.png";}}'
    's:14:"original_image";s:10:"a b-raw.png";}'
)


def test_old_addresses_of_files_redirect_for_good(
    front: FrontPage, tmp_path: Path, client: Client
) -> None:
    uploads = tmp_path / "uploads"
    picture_file(uploads, "2010/a b.png", width=900)
    (uploads / "2010/d.pdf").write_bytes(b"%PDF-1.4 words")
    run(
        write(
            tmp_path,
            item(1),
            attachment(
                5, "2010/a%20b.png", meta("_wp_attachment_metadata", COPIES),
                link="https://old.example/2010/03/post-1/a/",
            ),
            attachment(6, "2010/d.pdf"),
            attachment(7, "https://cdn.example/e.png"),
        ),
        media_dir=uploads,
    )  # fmt: skip
    picture = Picture.objects.get()
    shown = picture.rendition_url(800, "jpeg")  # The largest that is not larger than the file.
    for old in (
        "/wp-content/uploads/2010/a%20b.png",
        "/wp-content/uploads/2010/a%20b.png?ver=3",
        "/wp-content/uploads/2010/a%20b-300x200.png",
        "/wp-content/uploads/2010/a%20b-raw.png",
        "/2010/03/post-1/a/",
        "/?attachment_id=5",
    ):
        answer = client.get(old)
        assert (answer.status_code, answer.headers.get("Location")) == (301, shown), old
    answer = client.get("/wp-content/uploads/2010/d.pdf")
    assert answer.headers["Location"] == Attachment.objects.get().url
    assert client.get("/wp-content/uploads/2010/none.png", follow=True).status_code == 404
    assert client.get("/2010/03/post-1/").headers["Location"] == "/post-1/"


# -- over the network


def png(width: int = 40) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, 30), "blue").save(out, "PNG")
    return out.getvalue()


class OldHost(BaseHTTPRequestHandler):
    """The old site, by path."""

    is_whole: ClassVar[bool] = True
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        name = self.path.rpartition("/")[2]
        self.asked.append(name)
        if name == "gone.png":
            self._send(404, b"", "text/html")
        elif name == "page.png":
            self._send(200, b"<html>Log in</html>", "text/html")
        elif name == "liar.png":
            self._send(200, b"<html>Log in</html>", "image/png")
        elif name == "huge.png":
            self._send(200, png() + bytes(50_000), "image/png")
        elif name == "inside.png":
            self._send(302, b"", "text/html", location="http://10.0.0.1/secret.png")
        elif name == "cut.png" and not self.is_whole:
            self._send(200, png(), "image/png", length=100_000)
        else:
            self._send(200, png(), "image/png")

    def _send(
        self, status: int, body: bytes, kind: str, *, length: int = 0, location: str = ""
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length or len(body)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def old_host(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A real server on loopback, which alone may be asked."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), OldHost)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(http, "fetch", partial(http.fetch, may_connect=lambda a: a.is_loopback))
    monkeypatch.setattr(OldHost, "asked", [])
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def fetched_export(tmp_path: Path, old_host: str, *names: str) -> Path:
    inside = f"{old_host}/wp-content/uploads"
    images = "".join(f'<p><img src="{inside}/{name}" alt=""></p>' for name in names)
    files = [attachment(10 + at, f"{inside}/{name}") for at, name in enumerate(names)]
    path = write(tmp_path, item(1, content=images), *files)
    path.write_text(path.read_text().replace("https://old.example", old_host))
    return path


def test_files_are_fetched_from_the_old_site(
    front: FrontPage, tmp_path: Path, client: Client, old_host: str
) -> None:
    path = fetched_export(tmp_path, old_host, "a.png", "b.png")
    report = run(path, fetch_media=True)
    assert report["counts"]["media"] == {"created": 2}
    assert Picture.objects.count() == 2
    assert "<picture>" in client.get("/post-1/").content.decode()
    assert client.get("/wp-content/uploads/a.png").status_code == 301
    assert sorted(OldHost.asked) == ["a.png", "b.png"]
    before = everything()
    assert run(path, fetch_media=True)["counts"]["media"] == {"unchanged": 2}
    assert everything() == before
    assert len(OldHost.asked) == 2


def test_a_file_that_is_no_attachment_is_fetched_too(
    front: FrontPage, tmp_path: Path, old_host: str
) -> None:
    path = write(tmp_path, item(1, content=f'<p><img src="{old_host}/elsewhere/c.png" alt=""></p>'))
    assert run(path, fetch_media=True)["counts"]["media"] == {"created": 1}
    assert Article.objects.get().body[0].value["image"] == Picture.objects.get()


@pytest.mark.parametrize(
    ("name", "outcome", "why"),
    [
        ("gone.png", "missing", "answered 404"),
        ("page.png", "refused", "is text/html"),
        ("liar.png", "refused", "image"),
        ("huge.png", "refused", "larger than"),
        ("inside.png", "refused", "not an address of the public Internet"),
    ],
)
def test_what_the_old_site_sends_wrong_is_reported_and_stops_nobody(
    front: FrontPage,
    tmp_path: Path,
    old_host: str,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    outcome: str,
    why: str,
) -> None:
    monkeypatch.setattr(media, "_MOST_FILE_BYTES", 20_000)
    report = run(fetched_export(tmp_path, old_host, name, "good.png"), fetch_media=True)
    assert report["counts"]["media"] == {"created": 1, outcome: 1}
    assert OldHost.asked.count(name) == 1
    (line, *_more) = [line for line in report["noted_items"] if line["kind"] == f"media_{outcome}"]
    assert line["id"] == 10
    assert why in line["detail"]
    assert Picture.objects.count() == 1
    assert [block.block_type for block in Article.objects.get().body] == ["image", "image"]
    assert not Redirect.objects.filter(old_path__contains=name).exists()


def test_a_fetch_that_breaks_off_is_made_good_by_the_next_run(
    front: FrontPage, tmp_path: Path, old_host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(OldHost, "is_whole", False)
    path = fetched_export(tmp_path, old_host, "cut.png", "good.png")
    report = run(path, fetch_media=True)
    assert report["counts"]["media"] == {"created": 1, "missing": 1}
    monkeypatch.setattr(OldHost, "is_whole", True)
    again = run(path, fetch_media=True)
    assert again["counts"]["media"] == {"created": 1, "unchanged": 1}
    assert again["counts"]["articles"] == {"updated": 1}
    images = [block.value["image"] for block in Article.objects.get().body]
    assert set(images) == set(Picture.objects.all())


def test_a_host_on_our_own_network_is_never_asked(front: FrontPage, tmp_path: Path) -> None:
    """Without the test's leave for loopback, nothing inside is reached."""
    report = run(fetched_export(tmp_path, "http://127.0.0.1:9", "a.png"), fetch_media=True)
    assert report["counts"]["media"] == {"refused": 1}
