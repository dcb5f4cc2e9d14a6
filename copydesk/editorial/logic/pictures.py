"""What is kept of an uploaded picture: every pixel, the credit; not where it was taken.

Cameras write the place of a photograph into it, and a source's home is one download away. So the place is cut out of
the file's bytes: the picture itself is not compressed again, except where it has to be turned upright.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

from lxml import etree
from PIL import Image, ImageOps, IptcImagePlugin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PIL.ImageFile import ImageFile

ORIENTATION, GPS, ARTIST, COPYRIGHT = 0x0112, 0x8825, 0x013B, 0x8298
UPRIGHT = 1
EXIF_MARK, XMP_MARK, XMP_MORE_MARK = (
    b"Exif\0\0",
    b"http://ns.adobe.com/xap/1.0/\0",
    b"http://ns.adobe.com/xmp/extension/\0",
)
JPEG_APP1, JPEG_APP2, JPEG_SCAN = 0xE1, 0xE2, 0xDA
LONGEST_SEGMENT = 65_533
MP_ENTRIES = 0xB002

PLACE_IN_XMP = re.compile(
    rb"""\sexif:GPS\w+\s*=\s*(?:"[^"]*"|'[^']*')|<exif:GPS(\w+)\b[^>]*(?:/>|>.*?</exif:GPS\1>)""",
    re.DOTALL,
)
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "iptc": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
IPTC_BYLINE, IPTC_CREDIT, IPTC_COPYRIGHT, IPTC_CAPTION = (2, 80), (2, 110), (2, 116), (2, 120)


# What Pillow's readers and ours meet in damaged files.
DAMAGED = (OSError, ValueError, SyntaxError, LookupError, TypeError, struct.error)


class BadPicture(ValueError):
    """The data is no picture, or a damaged one."""


@dataclass(frozen=True)
class Upload:
    """A picture as it is stored, and what its maker wrote into it ("" where nothing was)."""

    data: bytes
    alt: str = ""
    caption: str = ""
    credit: str = ""


def prepare_upload(data: bytes) -> Upload:
    """Return the picture without its place and upright, with its credit, caption and alternative text.

    Raises BadPicture for what is none or is damaged; whether it is too large is for the caller to ask before.
    """
    with catch_warnings():
        simplefilter("ignore")  # Odd metadata is common, and no reason to say anything.
        try:
            with Image.open(BytesIO(data)) as image:
                xmp = _xmp_of(image)
                return Upload(_stored(data, image, xmp), **_said(image, xmp))
        except DAMAGED as error:
            raise BadPicture(str(error)) from error


# --- What the maker wrote


def _xmp_of(image: Image.Image) -> bytes:
    xmp = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    return xmp.encode() if isinstance(xmp, str) else bytes(xmp)


def _said(image: ImageFile, xmp: bytes) -> dict[str, str]:
    iptc = IptcImagePlugin.getiptcinfo(image) or {}
    exif, tree = image.getexif(), _parsed(xmp)
    byline = (
        _iptc_text(iptc.get(IPTC_BYLINE))
        or _xmp_text(tree, "dc:creator")
        or _tidy(exif.get(ARTIST))
    )
    agency = _iptc_text(iptc.get(IPTC_CREDIT)) or _xmp_text(tree, "photoshop:Credit")
    rights = (
        _iptc_text(iptc.get(IPTC_COPYRIGHT))
        or _xmp_text(tree, "dc:rights")
        or _tidy(exif.get(COPYRIGHT))
    )
    named = " / ".join(dict.fromkeys(name for name in (byline, agency) if name))
    return {
        "alt": _xmp_text(tree, "iptc:AltTextAccessibility"),
        "caption": _iptc_text(iptc.get(IPTC_CAPTION)) or _xmp_text(tree, "dc:description"),
        "credit": named or rights,
    }


def _iptc_text(value: bytes | list[bytes] | None) -> str:
    raw = value[0] if isinstance(value, list) and value else value
    if not isinstance(raw, bytes):
        return ""
    try:
        return _tidy(raw.decode("utf-8"))
    except UnicodeDecodeError:
        return _tidy(raw.decode("latin-1"))


def _parsed(xmp: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        return etree.fromstring(xmp.strip(b"\0 \r\n"), parser)
    except etree.XMLSyntaxError:
        return None


def _xmp_text(tree: etree._Element | None, name: str) -> str:
    """Return a property, which XMP writes as an attribute, an element, or a list inside one."""
    if tree is None:
        return ""
    for path in (
        f"//{name}//rdf:li[@xml:lang='x-default']",
        f"//{name}//rdf:li",
        f"//{name}",
        f"//@{name}",
    ):
        for found in tree.xpath(path, namespaces=NAMESPACES):
            text = _tidy(found if isinstance(found, str) else found.text)
            if text:
                return text
    return ""


def _tidy(value: object) -> str:
    return " ".join(
        "".join(
            character
            for character in str(value or "")
            if character.isprintable() or character.isspace()
        ).split()
    )


# --- What is stored


def _stored(data: bytes, image: Image.Image, xmp: bytes) -> bytes:
    exif = image.getexif()
    if exif.get(ORIENTATION, UPRIGHT) not in {0, UPRIGHT} and not getattr(
        image, "is_animated", False
    ):
        return _turned(image, xmp)
    if (
        image.format == "MPO"
    ):  # Several photographs in one file, each with a place of its own: the first is the picture.
        data = data[: image.mpinfo[MP_ENTRIES][0]["Size"]]  # type: ignore[attr-defined]
    elif not exif.get_ifd(GPS) and GPS not in exif and not PLACE_IN_XMP.search(xmp):
        return data
    cut = {"JPEG": _cut_jpeg, "MPO": _cut_jpeg, "PNG": _cut_png, "WEBP": _cut_webp}.get(
        image.format or ""
    )
    return cut(data, _placeless(exif)) if cut else _saved(image, xmp)


def _placeless(exif: Image.Exif) -> bytes:
    """Return the Exif data without the place, beginning with its mark."""
    if GPS in exif:
        del exif[GPS]
    written = exif.tobytes()
    return written if written.startswith(EXIF_MARK) else EXIF_MARK + written


def _placeless_xmp(xmp: bytes) -> bytes:
    return PLACE_IN_XMP.sub(b"", xmp)


def _turned(image: Image.Image, xmp: bytes) -> bytes:
    form = image.format
    turned = ImageOps.exif_transpose(image)
    turned.format = form
    return _saved(turned, xmp)


def _saved(image: Image.Image, xmp: bytes) -> bytes:
    """Compress again, as well as the format can."""
    form = {"MPO": "JPEG"}.get(image.format or "", image.format)
    best = {
        "JPEG": {"quality": 95, "subsampling": 0},
        "WEBP": {"quality": 95},
        "AVIF": {"quality": 90},
    }.get(form or "", {})
    kept = {
        "exif": _placeless(image.getexif()),
        "icc_profile": image.info.get("icc_profile"),
        "xmp": _placeless_xmp(xmp),
    }
    out = BytesIO()
    image.save(out, form, **best, **{name: value for name, value in kept.items() if value})
    return out.getvalue()


def _cut_jpeg(data: bytes, exif: bytes) -> bytes:
    out, at = bytearray(data[:2]), 2
    while data[at : at + 1] == b"\xff" and data[at + 1] != JPEG_SCAN:
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        out += _jpeg_segment(data[at:end], exif)
        at = end
    return bytes(out) + data[at:]


def _jpeg_segment(segment: bytes, exif: bytes) -> bytes:
    marker, body = segment[1], segment[4:]
    if marker == JPEG_APP2 and body.startswith(b"MPF\0"):
        return b""
    if marker != JPEG_APP1:
        return segment
    if body.startswith(EXIF_MARK):
        body = exif
    elif body.startswith(XMP_MARK):
        body = _placeless_xmp(body)
    elif body.startswith(XMP_MORE_MARK):
        return b""
    if len(body) > LONGEST_SEGMENT:
        return b""
    return b"\xff" + bytes([marker]) + (len(body) + 2).to_bytes(2) + body


def _cut_png(data: bytes, exif: bytes) -> bytes:
    def placeless(kind: bytes, body: bytes) -> bytes | None:
        if kind == b"eXIf":
            return exif.removeprefix(EXIF_MARK)
        texts = (b"iTXt", b"tEXt", b"zTXt")
        return (
            None
            if kind in texts and body.startswith((b"XML:com.adobe.xmp\0", b"Raw profile type"))
            else body
        )

    out, at = bytearray(data[:8]), 8
    while at + 8 <= len(data):
        size, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        body = placeless(kind, data[at + 8 : at + 8 + size])
        if body is not None:
            out += len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)
        at += 12 + size
    return bytes(out)


def _cut_webp(data: bytes, exif: bytes) -> bytes:
    changed: dict[bytes, Callable[[bytes], bytes]] = {
        b"EXIF": lambda _body: exif.removeprefix(EXIF_MARK),
        b"XMP ": _placeless_xmp,
    }
    out = bytearray(b"WEBP")
    for kind, body in _riff_chunks(data):
        kept = changed[kind](body) if kind in changed else body
        out += kind + len(kept).to_bytes(4, "little") + kept + b"\0" * (len(kept) % 2)
    return b"RIFF" + len(out).to_bytes(4, "little") + bytes(out)


def _riff_chunks(data: bytes) -> Iterable[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        yield data[at : at + 4], data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
