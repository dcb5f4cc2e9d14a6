"""A byte stream that mends what WordPress and its plugins get wrong in XML, while it is being read.

Exports in the wild hold control characters, bytes that are no UTF-8, bare ampersands, HTML entities
and ``]]>`` inside CDATA. An XML parser stops at each. No text is lost by mending them, so the stream
mends them and counts what it did; everything else is left for the parser to refuse.
"""

from __future__ import annotations

import codecs
import html
import re
from collections import Counter
from typing import BinaryIO, Final

CHUNK: Final = 1 << 18
#: More than the longest mark that may straddle two chunks.
HOLD_BACK: Final = 64
#: How far to look for the next mark when a CDATA section may have ended too early.
LOOK_AHEAD: Final = 1 << 22

_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_OUTSIDE: Final = re.compile(
    r"<!\[CDATA\[|\]\]>|<!--|<!(?:DOCTYPE|doctype|ENTITY)\s+\S{0,20}|&(?!(?:amp|lt|gt|quot|apos);)(?:#?[0-9A-Za-z]{1,32};)?"
)
_MARK: Final = re.compile(r"<!\[CDATA\[|\]\]>")
_ENDS_HERE: Final = re.compile(r"\s*<(?!!\[CDATA\[)")
_DECLARED: Final = re.compile(
    rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']"""
)
_NUMBERED: Final = re.compile(r"&#(?:([0-9]{1,8})|[xX]([0-9A-Fa-f]{1,7}));$")
#: A non-character no XML may hold: set before each character that was decoded from a stray byte.
_STRAY: Final = "\uffff"


def _decode_stray_bytes(error: UnicodeError) -> tuple[str, int]:
    """Read bytes that are no UTF-8 as Windows-1252, where they nearly always come from."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _STRAY + error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("copydesk-stray-bytes", _decode_stray_bytes)


def sniff_encoding(head: bytes) -> str:
    """The encoding the first bytes of an XML file announce; UTF-8 when they name none we know."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    declared = _DECLARED.match(head)
    try:
        codec = codecs.lookup(declared[1].decode() if declared else "utf-8")
        codec.incrementaldecoder("copydesk-stray-bytes").decode(b"<")
    except (LookupError, TypeError, AssertionError):
        return "utf-8"
    return codec.name


class DoctypeRefusedError(ValueError):
    """The file brings a document type declaration: no export has one, and entities hide there."""


class MendingStream:
    """Reads an XML file as clean UTF-8. ``mended`` counts what was put right, by kind."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        self.consumed = 0
        self.mended: Counter[str] = Counter()
        self._text = ""
        self._at = 0
        self._out = b""
        self._in_cdata = False
        self._in_comment = False
        head = raw.read(CHUNK)
        self._ended = not head
        self.encoding = sniff_encoding(head)
        self._decoder = codecs.getincrementaldecoder(self.encoding)("copydesk-stray-bytes")
        self._accept(head)
        self.skipped_lines = self._skip_blank_start()

    def read(self, size: int = CHUNK) -> bytes:
        """Up to ``size`` bytes of mended UTF-8; empty at the end."""
        while not self._out and not (self._ended and self._at >= len(self._text)):
            self._fill()
        taken, self._out = self._out[:size], self._out[size:]
        return taken

    def _skip_blank_start(self) -> int:
        """Blank lines before the XML declaration (a plugin's doing) would make the file unreadable."""
        start = len(self._text) - len(self._text.lstrip())
        skipped, self._text = self._text[:start], self._text[start:]
        if start:
            self.mended["blank lines before the start removed"] += 1
        return skipped.count("\n")

    def _accept(self, data: bytes) -> None:
        self.consumed += len(data)
        text = self._decoder.decode(data, final=not data)
        if stray := text.count(_STRAY):
            self.mended["stray bytes read as Windows-1252"] += stray
            text = text.replace(_STRAY, "")
        self._text += text

    def _more(self) -> bool:
        """Read one more chunk; False at the end of the file."""
        if self._ended:
            return False
        data = self._raw.read(CHUNK)
        self._ended = not data
        self._accept(data)
        return not self._ended

    def _fill(self) -> None:
        self._text, self._at = self._text[self._at :], 0
        if len(self._text) <= CHUNK:
            self._more()
        clean, controls = _CONTROL.subn("", self._mend())
        if controls:
            self.mended["control characters removed"] += controls
        self._out = clean.encode("utf-8", "replace")

    def _mend(self) -> str:
        """Take what is safe to take off the pending text, mended."""
        done: list[str] = []
        while self._at < (limit := self._limit()):
            if self._in_cdata:
                self._pass_cdata(done, limit)
            elif self._in_comment:
                self._pass_comment(done, limit)
            else:
                self._pass_markup(done, limit)
        return "".join(done)

    def _limit(self) -> int:
        return len(self._text) - (0 if self._ended else HOLD_BACK)

    def _take_to(self, end: int) -> str:
        start, self._at = self._at, max(end, self._at)
        return self._text[start : self._at]

    def _pass_comment(self, done: list[str], limit: int) -> None:
        end = self._text.find("-->", self._at)
        self._in_comment = end < 0 or end > limit
        done.append(self._take_to(limit if self._in_comment else end + 3))

    def _pass_cdata(self, done: list[str], limit: int) -> None:
        end = self._text.find("]]>", self._at)
        if end < 0 or end > limit:
            done.append(self._take_to(limit))
            return
        done.append(self._take_to(end))
        self._at += 3
        if self._closes_too_early():
            self.mended["CDATA ends escaped"] += 1
            done.append("]]]]><![CDATA[>")
        else:
            done.append("]]>")
            self._in_cdata = False

    def _closes_too_early(self) -> bool:
        """Whether the ``]]>`` just taken was text: another follows before any tag or section."""
        if _ENDS_HERE.match(self._text, self._at) or (self._ended and self._at == len(self._text)):
            return False
        while (mark := _MARK.search(self._text, self._at)) is None:
            if len(self._text) - self._at > LOOK_AHEAD or not self._more():
                return False
        return mark[0] == "]]>" and self._text.find("</", self._at, mark.start()) < 0

    def _pass_markup(self, done: list[str], limit: int) -> None:
        found = _OUTSIDE.search(self._text, self._at)
        if found is None or found.start() > limit:
            done.append(self._take_to(limit))
            return
        done.append(self._take_to(found.start()))
        self._at = found.end()
        done.append(self._mend_mark(found[0]))

    def _mend_mark(self, mark: str) -> str:
        if mark == "<![CDATA[":
            self._in_cdata = True
            return mark
        if mark == "<!--":
            self._in_comment = True
            return mark
        if mark == "]]>":
            self.mended["CDATA ends escaped"] += 1
            return "]]&gt;"
        if mark.startswith("<!"):
            raise DoctypeRefusedError(mark)
        return self._mend_reference(mark)

    def _mend_reference(self, mark: str) -> str:
        """Keep what XML knows; resolve HTML's entities; escape a bare ampersand."""
        if numbered := _NUMBERED.match(mark):
            code = int(numbered[1]) if numbered[1] else int(numbered[2], 16)
            if allowed_in_xml(code):
                return mark
            self.mended["control characters removed"] += 1
            return ""
        if mark.endswith(";") and (resolved := html.unescape(mark)) != mark:
            self.mended["HTML entities resolved"] += 1
            return resolved
        self.mended["bare ampersands escaped"] += 1
        return "&amp;" + mark[1:]


def allowed_in_xml(code: int) -> bool:
    """Whether XML 1.0 lets this code point stand in a document."""
    return (
        code in {0x9, 0xA, 0xD}
        or 0x20 <= code <= 0xD7FF
        or 0xE000 <= code <= 0xFFFD
        or 0x10000 <= code <= 0x10FFFF
    )
