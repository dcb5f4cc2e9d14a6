"""Uploads at the desk: what is refused and why, and what is kept."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from wagtail.models import Collection

from copydesk.editorial.models import Attachment, Picture
from tests.factories.desk import enter
from tests.factories.editorial import make_picture

if TYPE_CHECKING:
    from django.test import Client
    from django.test.client import _MonkeyPatchedWSGIResponse as HttpResponse
    from pytest_django.fixtures import Settings as SettingsWrapper

    from copydesk.editorial.models import PictureRendition
    from copydesk.members.models import Member

pytestmark = pytest.mark.django_db


def png_of(width: int, height: int) -> bytes:
    """Return a PNG that says it is of this size, in a few bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + b"\x08\x02\0\0\0"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


def photograph(
    form: str = "JPEG", *, size: tuple[int, int] = (800, 600), orientation: int = 1, **save: object
) -> bytes:
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[IFD.GPSInfo] = {GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (52.0, 31.0, 12.0)}
    out = BytesIO()
    Image.new("RGB", size, (90, 120, 60)).save(out, form, exif=exif, **save)
    return out.getvalue()


def upload(client: Client, data: bytes, name: str, **fields: str) -> HttpResponse:
    file = SimpleUploadedFile(name, data)
    said = {
        "title": "A picture",
        "collection": Collection.get_first_root_node().pk,
        "tags": "",
        "description": "",
    }
    said |= {
        "focal_point_x": "",
        "focal_point_y": "",
        "focal_point_width": "",
        "focal_point_height": "",
    }
    return client.post(
        "/desk/images/add/", said | {"caption": "", "credit": ""} | fields | {"file": file}
    )


def said_of_file(response: HttpResponse) -> list[str]:
    """Return what the form says of the file."""
    assert response.status_code == 200
    return list(response.context["form"].errors["file"])


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


class TestRefused:
    @pytest.mark.parametrize(
        ("name", "data", "why"),
        [
            ("a.svg", SVG, "Not a supported image format"),
            ("a.png", SVG, "does not match the file format (svg)"),
            ("a.png", png_of(50_000, 50_000), "too many pixels"),
            ("a.png", png_of(12_000, 9_000), "too many pixels"),
            ("a.jpg", png_of(1, 1), "does not match the file format (png)"),
            ("a.png", b"<html><script>alert(1)</script></html>", "does not match the file format"),
            ("a.exe", b"MZ\x90\0", "Upload a valid image"),
            ("a.html", photograph(), "Not a supported image format"),
            ("a.jpg", b"", "The submitted file is empty"),
        ],
    )
    def test_each_with_its_reason(
        self, client: Client, wanda: Member, name: str, data: bytes, why: str
    ) -> None:
        [said] = said_of_file(upload(enter(client, wanda), data, name))
        assert why in said
        assert not Picture.objects.exists()

    def test_what_is_too_large(
        self, client: Client, wanda: Member, settings: SettingsWrapper
    ) -> None:
        settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 1000
        [said] = said_of_file(upload(enter(client, wanda), photograph(), "a.jpg"))
        assert "too big" in said

    def test_many_at_once_are_checked_alike(self, client: Client, wanda: Member) -> None:
        enter(client, wanda)
        url, ajax = "/desk/images/multiple/add/", {"x-requested-with": "XMLHttpRequest"}
        answer = client.post(
            url, {"title": "x", "files[]": SimpleUploadedFile("a.png", SVG)}, headers=ajax
        ).json()
        assert not answer["success"]
        assert "svg" in answer["error_message"]
        answer = client.post(
            url, {"title": "x", "files[]": SimpleUploadedFile("a.jpg", photograph())}, headers=ajax
        ).json()
        assert answer["success"]
        assert not image_of(Picture.objects.get()).getexif().get_ifd(IFD.GPSInfo)

    @pytest.mark.parametrize("name", ["a.html", "a.svg", "a.js", "a.exe", "a.xml", "a"])
    def test_files_that_browsers_would_run(self, client: Client, wanda: Member, name: str) -> None:
        data = {"title": "x", "collection": Collection.get_first_root_node().pk, "tags": ""}
        data["file"] = SimpleUploadedFile(name, b"<script>alert(1)</script>")
        assert enter(client, wanda).post("/desk/documents/add/", data).status_code == 200
        assert not Attachment.objects.exists()


def image_of(stored: Picture | PictureRendition) -> Image.Image:
    with stored.file.open() as file:
        return Image.open(BytesIO(file.read()))


class TestKept:
    def test_the_place_is_gone_from_the_original_and_from_renditions(
        self, client: Client, wanda: Member
    ) -> None:
        assert upload(enter(client, wanda), photograph(), "a.jpg").status_code == 302
        picture = Picture.objects.get()
        assert picture.uploaded_by_user == wanda
        rendition = picture.get_rendition("width-400|format-jpeg")
        for image in (image_of(picture), image_of(rendition)):
            assert not image.getexif().get_ifd(IFD.GPSInfo)
            assert b"GPS" not in image.info.get("xmp", b"")

    def test_it_stands_upright(self, client: Client, wanda: Member) -> None:
        upload(enter(client, wanda), photograph(orientation=6), "a.jpg")
        picture = Picture.objects.get()
        assert (picture.width, picture.height) == (600, 800)
        assert image_of(picture).size == (600, 800)

    def test_its_makers_words_fill_what_was_left_empty(self, client: Client, wanda: Member) -> None:
        out = BytesIO()
        exif = Image.Exif()
        exif[Base.Artist] = "Rosa Reporter"
        Image.new("RGB", (80, 60)).save(out, "JPEG", exif=exif)
        upload(enter(client, wanda), out.getvalue(), "a.jpg")
        upload(client, out.getvalue(), "b.jpg", credit="Somebody else", title="B")
        assert set(Picture.objects.values_list("credit", flat=True)) == {
            "Rosa Reporter",
            "Somebody else",
        }

    def test_a_replaced_file_is_cleaned_too(self, client: Client, ada: Member) -> None:
        picture = make_picture()
        enter(client, ada)
        data = {
            "title": "New",
            "collection": picture.collection_id,
            "tags": "",
            "description": "",
            "caption": "",
            "credit": "",
        }
        data |= {
            "focal_point_x": "",
            "focal_point_y": "",
            "focal_point_width": "",
            "focal_point_height": "",
        }
        client.post(
            f"/desk/images/{picture.pk}/",
            data | {"file": SimpleUploadedFile("n.jpg", photograph())},
        )
        picture.refresh_from_db()
        assert picture.title == "New"
        assert picture.width == 800
        assert not image_of(picture).getexif().get_ifd(IFD.GPSInfo)

    def test_saving_its_words_leaves_the_file_alone(self, client: Client, ada: Member) -> None:
        picture = make_picture()
        before = picture.file.name
        data = {
            "title": "New",
            "collection": picture.collection_id,
            "tags": "",
            "description": "",
            "caption": "",
            "credit": "",
        }
        data |= {
            "focal_point_x": "",
            "focal_point_y": "",
            "focal_point_width": "",
            "focal_point_height": "",
        }
        enter(client, ada).post(f"/desk/images/{picture.pk}/", data)
        picture.refresh_from_db()
        assert (picture.title, picture.file.name) == ("New", before)

    def test_an_animation_moves_in_its_renditions(self, client: Client, wanda: Member) -> None:
        out = BytesIO()
        frames = [Image.new("RGB", (100, 80), color) for color in ("red", "green", "blue")]
        frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], duration=100, loop=0)
        upload(enter(client, wanda), out.getvalue(), "a.gif")
        picture = Picture.objects.get()
        assert getattr(image_of(picture), "n_frames", 1) == 3
        assert image_of(picture.get_rendition("width-50|format-gif")).size == (50, 40)

    @pytest.mark.parametrize("form", ["avif", "webp", "jpeg"])
    @pytest.mark.parametrize("source", ["JPEG", "PNG", "WEBP", "AVIF"])
    def test_every_format_becomes_every_other(
        self, client: Client, wanda: Member, source: str, form: str
    ) -> None:
        extension = {"JPEG": "jpg"}.get(source, source.lower())
        upload(enter(client, wanda), photograph(source), f"a.{extension}")
        rendition = Picture.objects.get().get_rendition(f"width-400|format-{form}")
        assert image_of(rendition).format == form.upper()
        assert (rendition.width, rendition.height) == (400, 300)
