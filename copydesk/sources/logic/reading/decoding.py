"""Bytes to text: what the bytes are goes before what somebody said of them.

The order is a byte order mark, strict UTF-8, the charset of the HTTP header, that of the page, and then statistics.
Believing the declaration first made whole pages unfindable in trials: quotations.md, section 2.3.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

from charset_normalizer import from_bytes

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What browsers take a label for, where Python takes it for less (Encoding Standard, section 4.2).
_AS_BROWSERS_DO: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Labels of the standard that Python has no name for.
_LABELS: Final = {
    "x-sjis": "cp932",
    "x-gbk": "gb18030",
    "x-x-big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "ks_c_5601-1989": "cp949",
    "iso-8859-8-i": "iso8859-8",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-roman": "mac_roman",
    "dos-874": "cp874",
    "x-euc-jp": "euc_jp",
    "unicode-1-1-utf-8": "utf-8",
    "x-user-defined": "cp1252",
    **{f"x-cp{number}": f"cp{number}" for number in range(1250, 1259)},
}
# Codecs of Python that are no character sets, or that no page is in: a page must not choose those.
_TEXT_CODEC: Final = re.compile(
    r"utf-(8|16|32)|cp\d|iso8859|koi8|gb18030|hz|big5hkscs|euc_|shift_jis|iso2022|mac[-_]|ptcp154"
)
# What a page may be in that does not say so: not the code pages of other times, which fit as well as these.
_ON_THE_WEB: Final = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "koi8_r",
    "koi8_u", "iso8859_2", "cp932", "euc_jp", "gb18030", "big5hkscs", "cp949",
]  # fmt: skip
_CHARSET: Final = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:+-]{2,40})""", re.IGNORECASE)
_XML_ENCODING: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:+-]{2,40})""")
_META: Final = re.compile(rb"<meta\b[^>]{0,500}", re.IGNORECASE)
_META_REACH: Final = 8_192
_SAMPLE: Final = 48_000
_PLAUSIBLE: Final = 0.002


@dataclass(frozen=True)
class Decoded:
    """A text, and the Python name of the encoding it was in."""

    text: str
    encoding: str


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Return the text of a page or a text file; never raises. What fits no character becomes U+FFFD."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(encoding, "replace"), encoding)
    declared = declared_encoding(body, content_type)
    if declared not in {
        "utf-16-le",
        "utf-16-be",
        "utf-7",
        "iso2022_jp",
        "hz",
    }:  # Valid as ASCII too.
        try:
            return Decoded(_utf8(body), "utf-8")
        except UnicodeDecodeError:
            pass
    if declared and (text := _if_plausible(body, declared, allowed=4)) is not None:
        return Decoded(text, declared)
    if (text := _if_plausible(body, "utf-8", allowed=0)) is not None:
        return Decoded(text, "utf-8")
    encoding = _guess(body) or declared or "cp1252"
    return Decoded(body.decode(encoding, "replace"), encoding)


def declared_encoding(body: bytes, content_type: str) -> str:
    """Return the encoding that the HTTP header, else the document, names; "" for none or one that is unknown."""
    if found := _CHARSET.search(content_type.encode("ascii", "ignore")):
        return _codec(found[1])
    head = body[:_META_REACH]
    found = _XML_ENCODING.match(head)
    if not found:
        charsets = (_CHARSET.search(tag[0]) for tag in _META.finditer(head))
        found = next((charset for charset in charsets if charset), None)
    # A document that names UTF-16 in ASCII is not in UTF-16.
    encoding = _codec(found[1]) if found else ""
    return "utf-8" if encoding.startswith(("utf-16", "utf-32")) else encoding


def _utf8(body: bytes) -> str:
    """Decode strictly, but for a character that was cut in two at the very end, after others that were not."""
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        if error.reason != "unexpected end of data" or body[: error.start].isascii():
            raise
        return body[: error.start].decode()


def _codec(label: bytes) -> str:
    name = label.decode("ascii", "ignore").lower()
    if name == "utf-16":
        return "utf-16-le"
    try:
        found = codecs.lookup(_LABELS.get(name, name)).name
    except (LookupError, ValueError):
        return ""
    found = _AS_BROWSERS_DO.get(found, found)
    return found if _TEXT_CODEC.match(found) else ""


def _if_plausible(body: bytes, encoding: str, *, allowed: int) -> str | None:
    """Decode, unless more than a few bytes fit no character: pages glued together have such.

    For each of those there are four that do, `allowed` of which are given.
    """
    text = body.decode(encoding, "replace")
    strange = text.count("\ufffd")
    if encoding == "cp1252":  # Five bytes that browsers take for control characters.
        return text
    foreign = sum(len(run) for run in re.findall(r"[^\x00-\x7f]+", text)) if strange else 0
    is_few = strange <= max(1, _PLAUSIBLE * len(text)) and strange * 5 <= foreign + allowed
    return text if is_few else None


def _guess(body: bytes) -> str:
    """Ask the statistics about the part that is not ASCII."""
    first = re.search(rb"[\x80-\xff]", body)
    start = max(0, first.start() - 500) if first else 0
    best = from_bytes(body[start : start + _SAMPLE], cp_isolation=_ON_THE_WEB).best()
    return _codec(best.encoding.encode()) if best else ""
