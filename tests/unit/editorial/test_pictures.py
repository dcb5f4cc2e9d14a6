"""An upload keeps its pixels and its maker's words, and loses its place."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo

from copydesk.editorial.logic.pictures import BadPicture, prepare_upload

PLACE = {
    GPS.GPSLatitudeRef: "N",
    GPS.GPSLatitude: (52.0, 31.0, 12.0),
    GPS.GPSLongitudeRef: "E",
    GPS.GPSLongitude: (13.0, 24.0, 18.0),
}
XMP = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:Iptc4xmpCore="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"
 photoshop:Credit="Harbour Press" exif:GPSLatitude="52,31.2N" exif:GPSLongitude="13,24.3E">
<exif:GPSAltitude>34/1</exif:GPSAltitude>
<dc:creator><rdf:Seq><rdf:li>Rosa Reporter</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="de">Br\u00fccke</rdf:li>
<rdf:li xml:lang="x-default">The old bridge</rdf:li></rdf:Alt></dc:description>
<Iptc4xmpCore:AltTextAccessibility><rdf:Alt>
<rdf:li xml:lang="x-default">A stone bridge over a river</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>""".encode()


def exif_with(place: bool = True, **tags: Any) -> Image.Exif:  # noqa: FBT001, FBT002 - reads well at the call
    exif = Image.Exif()
    exif[Base.Make] = "Camera & Co"
    for name, value in tags.items():
        exif[Base[name]] = value
    if place:
        exif.get_ifd(IFD.GPSInfo).update({int(tag): value for tag, value in PLACE.items()})
        exif[IFD.GPSInfo] = dict(PLACE)
    return exif


def gradient(size: tuple[int, int] = (64, 48)) -> Image.Image:
    image = Image.new("RGB", size)
    image.putdata(
        [(x * 4 % 256, y * 5 % 256, (x + y) % 256) for y in range(size[1]) for x in range(size[0])]
    )
    return image


def written(form: str, **save: Any) -> bytes:
    out = BytesIO()
    gradient().save(out, form, **save)
    return out.getvalue()


def read(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image


FORMS = {"JPEG": {"quality": 90}, "WEBP": {"quality": 90}, "PNG": {}, "AVIF": {"quality": 90}}


@pytest.mark.parametrize("form", FORMS)
def test_the_place_is_removed(form: str) -> None:
    data = written(form, exif=exif_with(), **FORMS[form])
    assert read(data).getexif().get_ifd(IFD.GPSInfo), "the test would prove nothing"
    kept = prepare_upload(data).data
    assert not read(kept).getexif().get_ifd(IFD.GPSInfo)
    assert read(kept).getexif()[Base.Make] == "Camera & Co"
    assert read(kept).size == (64, 48)


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG"])
def test_no_pixel_changes(form: str) -> None:
    data = written(form, exif=exif_with(), **FORMS[form])
    assert read(prepare_upload(data).data).tobytes() == read(data).tobytes()


@pytest.mark.parametrize("form", ["JPEG", "WEBP"])
def test_the_place_is_removed_from_xmp_and_the_rest_is_kept(form: str) -> None:
    data = written(form, xmp=XMP)
    kept = prepare_upload(data).data
    assert b"GPS" not in kept
    assert b"Harbour Press" in kept
    assert read(kept).tobytes() == read(data).tobytes()


def test_the_place_is_removed_from_a_pngs_xmp() -> None:
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    assert b"GPS" not in prepare_upload(written("PNG", pnginfo=info)).data


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG"])
def test_what_has_no_place_stays_as_it_is_to_the_byte(form: str) -> None:
    data = written(form, exif=exif_with(place=False), **FORMS[form])
    assert prepare_upload(data).data == data


@pytest.mark.parametrize("form", FORMS)
def test_it_is_turned_upright(form: str) -> None:
    data = written(form, exif=exif_with(Orientation=6), **FORMS[form])
    kept = read(prepare_upload(data).data)
    assert kept.size == (48, 64)
    assert kept.getexif().get(Base.Orientation, 1) == 1
    assert not kept.getexif().get_ifd(IFD.GPSInfo)


def test_its_makers_words_are_read() -> None:
    upload = prepare_upload(written("JPEG", xmp=XMP))
    assert upload.credit == "Rosa Reporter / Harbour Press"
    assert upload.caption == "The old bridge"
    assert upload.alt == "A stone bridge over a river"


def iptc(**texts: str) -> bytes:
    """Return Photoshop's block with IPTC records, as agencies write it."""
    numbers = {"byline": 80, "credit": 110, "copyright": 116, "caption": 120}
    records = b"".join(
        b"\x1c\x02" + bytes([numbers[name]]) + len(text.encode()).to_bytes(2) + text.encode()
        for name, text in texts.items()
    )
    body = (
        b"Photoshop 3.0\x008BIM\x04\x04\x00\x00"
        + len(records).to_bytes(4)
        + records
        + b"\0" * (len(records) % 2)
    )
    return b"\xff\xed" + (len(body) + 2).to_bytes(2) + body


def test_iptc_is_read() -> None:
    data = written("JPEG")
    data = (
        data[:2]
        + iptc(byline="Zoë Fotograf", credit="Agentur", caption="Die alte\r\nBrücke")
        + data[2:]
    )
    upload = prepare_upload(data)
    assert (upload.credit, upload.caption) == ("Zoë Fotograf / Agentur", "Die alte Brücke")
    assert upload.data == data


def test_without_them_the_copyright_stands_for_the_credit() -> None:
    assert (
        prepare_upload(written("JPEG", exif=exif_with(Copyright="(c) Rosa"))).credit == "(c) Rosa"
    )


def test_an_entity_bomb_in_xmp_is_not_opened() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
    )
    upload = prepare_upload(
        written("JPEG", xmp=bomb + b"]>" + XMP.replace(b"Harbour Press", b"&j;"))
    )
    assert len(upload.credit) < 100


def test_only_the_first_of_several_photographs_is_kept() -> None:
    out = BytesIO()
    second = gradient((32, 24))
    gradient().save(out, "MPO", save_all=True, append_images=[second], exif=exif_with())
    kept = prepare_upload(out.getvalue()).data
    image = read(kept)
    assert (image.format, image.size) == ("JPEG", (64, 48))
    assert len(kept) < len(out.getvalue())
    assert not image.getexif().get_ifd(IFD.GPSInfo)


def test_an_animation_stays_one() -> None:
    out = BytesIO()
    gradient().save(
        out, "GIF", save_all=True, append_images=[gradient().rotate(90)], duration=100, loop=0
    )
    assert prepare_upload(out.getvalue()).data == out.getvalue()
    out = BytesIO()
    frames = [gradient().rotate(90), gradient().rotate(180)]
    gradient().save(
        out, "WEBP", save_all=True, append_images=frames, duration=100, exif=exif_with()
    )
    kept = Image.open(BytesIO(prepare_upload(out.getvalue()).data))
    assert getattr(kept, "n_frames", 1) == 3
    assert not kept.getexif().get_ifd(IFD.GPSInfo)


@pytest.mark.parametrize(
    "data", [b"", b"x", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"<svg/>"]
)
def test_what_is_no_picture_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(BadPicture):
        prepare_upload(data)


@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG"])
def test_a_torn_file_is_refused_or_kept_never_worse(form: str) -> None:
    data = written(form, exif=exif_with(), **FORMS[form])
    for length in range(0, len(data), 7):
        try:
            prepare_upload(data[:length])
        except BadPicture:
            continue
