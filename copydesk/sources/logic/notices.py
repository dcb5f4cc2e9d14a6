"""The words by which publishers announce that they changed, corrected or withdrew something.

Such words stand in many texts for other reasons (2 of 9 hits on 990 pages were notices, quotations.md 5), so they
are looked for in what is new only, and an editor confirms.
"""

from __future__ import annotations

import re
from typing import Final

#: How much of a notice is shown, in characters.
MAX_NOTICE: Final = 600

# Between the borders of words; the signs stand in scripts without them, or join others to a word.
# What also means to withdraw from something needs the name of a text before it.
_RETRACTION_WORDS = (
    r"retract(?:s|ed|ions?)|expression of concern|rétract(?:ée?s?|ation)|retractaci[oó]n|retratação|ritrattazione"
    r"|(?:artikel|beitrag|text|studie)\b[^.\n]{1,40}\b(?:zurückgezogen|ingetrokken)"
    r"|(?:статья|исследование)\b[^.\n]{1,40}\bотозван[аоы]?"  # noqa: RUF001 - Russian
)
_RETRACTION_SIGNS = (
    r"(?:記事|論文|本文|报道)[^。\n]{0,20}撤回|撤回[:\uff1a]|撤稿|(?:기사|논문)[^.\n]{0,20}철회"
    r"|سحب (?:المقال|الدراسة|الخبر)"
)
_CORRECTION_WORDS = (
    r"corrections?|(?:been|was|were) corrected|clarifications?|earlier version|editor[’']?s[’']? note"
    r"|errat(?:um|a)|corrigend(?:um|a)|amended on|korrektur|berichtig(?:ung|t)"
    r"|richtigstellung|früheren? (?:version|fassung)"
    r"|rectificati(?:f|e|on)|version (?:précédente|antérieure)|corrección|fe de err(?:ores|atas)|rectificación"
    r"|versión anterior|correção|versão anterior|rettifica|errata corrige|correctie|sprostowanie|düzeltme|rättelse"
    r"|rettelse|oikaisu"
    r"|исправлени[ея]|опровержени[ея]|виправлення"
)
_CORRECTION_SIGNS = "تصحيح|تصويب|訂正|更正|勘误|勘誤|정정"
#: What is hardly ever said but in a notice; good enough outside an article's text, where teasers change daily.
_CERTAIN = (
    r"earlier version of th(?:is|e) (?:article|story|post|report|headline)"
    r"|this (?:article|story|post|report|headline|paper) (?:has been|was) (?:corrected|amended|retracted|withdrawn)"
    r"|(?:früheren?|ursprünglichen) (?:version|fassung) dieses (?:artikels|textes|beitrags)"
    r"|version (?:précédente|antérieure) de cet article|versión anterior de este artículo"
)


def _pattern(words: str, signs: str) -> re.Pattern[str]:
    # The border stands before the choice: within each alternative the search took more than twice as long (measured).
    return re.compile(rf"\b(?:{words})\b|{signs}", re.IGNORECASE)


_NOTICE = _pattern(
    f"{_RETRACTION_WORDS}|{_CORRECTION_WORDS}", f"{_RETRACTION_SIGNS}|{_CORRECTION_SIGNS}"
)
_RETRACTION = _pattern(_RETRACTION_WORDS, _RETRACTION_SIGNS)
_CERTAIN_NOTICE = re.compile(rf"\b(?:{_CERTAIN})\b", re.IGNORECASE)


def notices_in(text: str) -> list[tuple[int, int]]:
    """Return where words of a notice stand."""
    return [match.span() for match in _NOTICE.finditer(text)]


def is_retraction(text: str) -> bool:
    """Whether the words are those of a retraction, the gravest of notices."""
    return _RETRACTION.search(text) is not None


def added_notice(old: str, new: str) -> str:
    """Return the first line of `new` that is not in `old` and is certainly a notice, cut to 600 characters; or ""."""
    known = {line.strip() for line in old.splitlines()}
    for line in new.splitlines():
        if line.strip() not in known and (match := _CERTAIN_NOTICE.search(line)):
            start = max(match.start() - MAX_NOTICE // 3, 0)
            return line[start : start + MAX_NOTICE].strip()
    return ""
