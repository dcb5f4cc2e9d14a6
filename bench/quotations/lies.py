"""Quotations that are not the source's words, and those that are but mislead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bench.quotations.items import (
    Item,
    Maker,
    Passage,
    core,
    draw,
    is_negation,
    is_word,
    positions,
    swapped,
)  # fmt: skip
from bench.quotations.sources import Text, plain
from copydesk.sources.logic.verdicts import Tag

if TYPE_CHECKING:
    import random

AUXILIARIES = frozenset(
    (
        "is",
        "are",
        "was",
        "were",
        "will",
        "can",
        "could",
        "should",
        "would",
        "has",
        "had",
        "have",
        "may",
        "must",
    )
)
ANTONYMS = {
    "rose": "fell", "higher": "lower", "more": "less", "before": "after", "always": "never", "largest": "smallest",
    "warmer": "colder", "first": "last", "good": "bad", "better": "worse", "rich": "poor", "old": "new",
    "longer": "shorter", "most": "least", "open": "closed", "likely": "unlikely", "light": "darkness", "up": "down",
}  # fmt: skip
ANTONYMS |= {other: one for one, other in ANTONYMS.items()}
UNITS = {
    "percent": "points", "million": "billion", "billion": "million", "meters": "feet", "grams": "ounces", "kg": "g",
    "minutes": "hours", "hours": "minutes", "degrees": "points", "liters": "gallons", "years": "months",
    "days": "weeks", "weeks": "days", "pages": "volumes", "hectares": "acres", "°C": "°F", "%": "‰",
}  # fmt: skip
OPERATORS = {"<": ">", ">": "<", "±": "+", "≈": "=", "=": "≠", "$": "€", "€": "$", "£": "$"}
ARTICLES = frozenset({"the", "a", "an"})
STRANGERS = ("Johnson", "Miriam", "Okafor", "Geneva", "Petersen", "Osaka")
MAGNITUDES = frozenset(
    {"million", "billion", "percent", "thousand", "hundred", "unless", "%", "trillion"}
)
DENIALS = re.compile(
    r"(?:no|not|never|denied|denies|false|if|claim|claims|claimed|nobody|neither|nor)",
    re.IGNORECASE,
)


def _lie(
    kind: str, passage: Passage, quote: str, tag: Tag | None = None, *, is_order_kept: bool = True
) -> Item | None:
    """Return the item unless the source says exactly that somewhere, which would make the label wrong."""
    if is_order_kept and plain(quote) in passage.text.plain and tag is not Tag.NUMBER:
        return None
    return Item(kind, quote, passage.text.index, is_honest=False, tag=tag)


def _without(words: list[str], number: int, count: int = 1) -> str:
    return " ".join([*words[:number], *words[number + count :]])


def _with(words: list[str], number: int, *new: str) -> str:
    return " ".join([*words[:number], *new, *words[number + 1 :]])


def dropped_negation(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    found = positions(
        passage.words, lambda word: is_negation(word) and not re.search("n[’']t", word)
    )
    # A negation at the very edge is left out by quoting less, which is context's affair.
    found = [number for number in found if 0 < number < len(passage.words) - 1]
    if not found:
        return None
    return _lie(
        "negation dropped", passage, _without(passage.words, dice.choice(found)), Tag.NEGATION
    )


def contracted_negation(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    found = positions(
        passage.words,
        lambda word: re.fullmatch(r"(?:is|do|has|does|would|could|are|was)n[’']t", core(word)),
    )
    if not found:
        return None
    number = dice.choice(found)
    new = swapped(passage.words[number], re.sub("n[’']t", "", core(passage.words[number])))
    return _lie("negation dropped (n't)", passage, _with(passage.words, number, new), Tag.NEGATION)


def added_negation(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    found = positions(passage.words[:-1], lambda word: word in AUXILIARIES)
    found = [number for number in found if not is_negation(passage.words[number + 1])]
    if not found:
        return None
    number = dice.choice(found)
    return _lie(
        "negation added",
        passage,
        _with(passage.words, number, passage.words[number], "not"),
        Tag.NEGATION,
    )


def bracket_hides_negation(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    found = positions(passage.words, is_negation)
    found = [number for number in found if 2 < number < len(passage.words) - 3]
    if not found:
        return None
    number = dice.choice(found)
    quote = _with(passage.words, number, dice.choice(("[clearly]", "[some]", "[the director]")))
    return _lie("bracket hides negation", passage, quote, Tag.NEGATION)


def ellipsis_hides_negation(
    passage: Passage, dice: random.Random, texts: list[Text]
) -> Item | None:
    found = positions(passage.words, is_negation)
    found = [number for number in found if 3 < number < len(passage.words) - 4]
    if not found:
        return None
    number = dice.choice(found)
    return Item(
        "ellipsis hides negation (warn)", _with(passage.words, number, "[…]"), passage.text.index, is_honest=True,
        warning="ellipsis_hides_negation",
    )  # fmt: skip


def _number_at(passage: Passage, dice: random.Random, pattern: str = r"\d") -> int | None:
    found = positions(passage.words, lambda word: re.search(pattern, word))
    return dice.choice(found) if found else None


def digit(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    number = _number_at(passage, dice)
    if number is None:
        return None
    word = passage.words[number]
    at = dice.choice([match.start() for match in re.finditer(r"[0-9]", word)] or [-1])
    if at < 0:
        return None
    new = str((int(word[at]) + dice.randint(1, 9)) % 10)
    return _lie(
        "digit changed",
        passage,
        _with(passage.words, number, word[:at] + new + word[at + 1 :]),
        Tag.NUMBER,
    )


def decimal(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    number = _number_at(passage, dice, r"\d\.\d|\d\d")
    if number is None:
        return None
    word = passage.words[number]
    if re.search(r"\d\.\d", word):
        new = re.sub(r"(?<=\d)\.(?=\d)", "", word, count=1)
    elif re.fullmatch(r"[^\d,:]*\d\d+[^\d,:]*", word):
        new = re.sub(r"(\d)(\d)", r"\1.\2", word, count=1)
    else:
        return None
    return _lie("decimal point", passage, _with(passage.words, number, new), Tag.NUMBER)


def sign(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    number = _number_at(passage, dice, r"^[^\w]?-?\d[\d.,]*$|=-")
    if number is None or number == 0:
        return None
    word = passage.words[number]
    new = word.replace("-", "", 1) if "-" in word else re.sub(r"(\d)", r"-\1", word, count=1)
    return _lie("sign", passage, _with(passage.words, number, new), Tag.NUMBER)


def unit(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    found = positions(passage.words, lambda word: core(word) in UNITS)
    if not found:
        return None
    number = dice.choice(found)
    word = passage.words[number]
    return _lie("unit", passage, _with(passage.words, number, swapped(word, UNITS[core(word)])))


def operator(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    number = _number_at(passage, dice, "[<>±≈=$€£]")
    if number is None:
        return None
    word = re.sub("[<>±≈=$€£]", lambda match: OPERATORS[match[0]], passage.words[number], count=1)
    return _lie("operator or currency", passage, _with(passage.words, number, word), Tag.NUMBER)


def cut_number(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    number = _number_at(passage, dice, r"\d[.,:]\d")
    if number is None or number < 4:
        return None
    cut = re.sub(r"(?<=\d)[.,:]\d.*$", "", passage.words[number])
    return _lie("number cut in two", passage, " ".join([*passage.words[:number], cut]), Tag.NUMBER)


def other_word(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    found = positions(passage.words, is_word)
    if not found:
        return None
    number = dice.choice(found)
    new = core(dice.choice(dice.choice(texts).words))
    if not new.isalpha() or new.lower() == core(passage.words[number]).lower():
        return None
    return _lie(
        "word changed", passage, _with(passage.words, number, swapped(passage.words[number], new))
    )


def antonym(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    found = positions(passage.words, lambda word: core(word) in ANTONYMS)
    if not found:
        return None
    number = dice.choice(found)
    word = passage.words[number]
    return _lie(
        "antonym", passage, _with(passage.words, number, swapped(word, ANTONYMS[core(word)]))
    )


def dropped_word(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    return _lie(
        "word dropped", passage, _without(passage.words, dice.randint(1, len(passage.words) - 2))
    )


def dropped_article(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    found = positions(passage.words[1:-1], lambda word: word in ARTICLES)
    return (
        _lie("article dropped", passage, _without(passage.words, 1 + dice.choice(found)))
        if found
        else None
    )


def inserted_word(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    number = dice.randint(1, len(passage.words) - 1)
    new = dice.choice(("very", "clearly", "also", "only", "again", "quite"))
    return _lie("word inserted", passage, _with(passage.words, number, new, passage.words[number]))


def swapped_words(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    number = dice.randint(0, len(passage.words) - 2)
    words = list(passage.words)
    words[number], words[number + 1] = words[number + 1], words[number]
    return _lie("two words swapped", passage, " ".join(words))


def plural(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    found = positions(passage.words, lambda word: is_word(word) and len(core(word)) > 3)
    if not found:
        return None
    number = dice.choice(found)
    word = core(passage.words[number])
    new = word[:-1] if word.endswith("s") else f"{word}s"
    return _lie(
        "plural", passage, _with(passage.words, number, swapped(passage.words[number], new))
    )


def name(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    found = positions(
        passage.words[1:], lambda word: core(word)[:1].isupper() and len(core(word)) > 2
    )
    if not found:
        return None
    number = 1 + dice.choice(found)
    quote = _with(passage.words, number, swapped(passage.words[number], dice.choice(STRANGERS)))
    return _lie("name", passage, quote)


def silent_omission(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    if len(passage.words) < 14:
        return None
    number = dice.randint(4, len(passage.words) - 9)
    return _lie("silent omission", passage, _without(passage.words, number, dice.randint(2, 8)))


def clause_swap(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    found = positions(passage.words[4:-4], lambda word: word.endswith((",", ";")))
    if not found:
        return None
    cut = 5 + dice.choice(found)
    return _lie("clauses swapped", passage, " ".join([*passage.words[cut:], *passage.words[:cut]]))


def reversed_ellipsis(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    if len(passage.words) < 14:
        return None
    cut = len(passage.words) // 2
    one, other = " ".join(passage.words[: cut - 1]), " ".join(passage.words[cut + 1 :])
    if passage.text.plain.count(plain(one)) > 1 or passage.text.plain.count(plain(other)) > 1:
        return None  # A text that repeats itself says it in this order too.
    return _lie("ellipsis backwards", passage, f"{other} […] {one}", is_order_kept=False)


def splice_near(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    other = draw(passage.text, dice, 6, 16)
    return _lie("splice of one text", passage, f"{passage} {other}")


def splice_far(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    stranger = dice.choice(texts)
    if stranger is passage.text:
        return None
    return _lie("splice of two texts", passage, f"{passage} […] {draw(stranger, dice, 6, 20)}")


def _paraphrase(
    passage: Passage, dice: random.Random, texts: list[Text], share: float
) -> Item | None:
    words = [
        core(dice.choice(dice.choice(texts).words)) or word if dice.random() < share else word
        for word in passage.words
    ]
    return _lie(f"paraphrase {share:.0%}", passage, " ".join(words))


def paraphrase_30(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    return _paraphrase(passage, dice, texts, 0.3)


def paraphrase_60(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    return _paraphrase(passage, dice, texts, 0.6)


def foreign(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    stranger = dice.choice(texts)
    if stranger is passage.text:
        return None
    return _lie("another text's", passage, str(draw(stranger, dice)))


def shuffled(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    words = list(passage.words)
    dice.shuffle(words)
    return _lie("shuffled", passage, " ".join(words))


def ransom_note(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    size = dice.choice((1, 2))
    parts = [draw(dice.choice(texts), dice, 10, 12).words[:size] for _ in range(4)]
    quote = " … ".join(core(" ".join(part)) for part in parts)
    return _lie(f"ransom note of {size}-word pieces", passage, quote)


def cut_before_magnitude(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    found = positions(passage.words, lambda word: core(word) in MAGNITUDES)
    found = [
        number
        for number in found
        if number > 4 and not re.search(r"[.!?;:]$", passage.words[number - 1])
    ]
    if not found:
        return None
    return Item(
        "cut before a magnitude (warn)", " ".join(passage.words[: dice.choice(found)]), passage.text.index,
        is_honest=True, warning="cut_before_magnitude",
    )  # fmt: skip


def cut_from_denial(passage: Passage, dice: random.Random, texts: list[Text]) -> Item | None:
    found = positions(passage.words[:-6], DENIALS.fullmatch)
    if not found:
        return None
    first = dice.choice(found) + 1 + dice.randint(0, 1)
    ends = positions(
        passage.words[first - 2 : first], lambda word: re.search(r"[.!?:][”\"]?$", word)
    )
    if ends:
        return None
    words = passage.words[first:]
    return Item(
        "cut from a denial (warn)", " ".join(words), passage.text.index, is_honest=True, warning="cut_from_denial",
    )  # fmt: skip


LIES: tuple[Maker, ...] = (
    dropped_negation, contracted_negation, added_negation, bracket_hides_negation, ellipsis_hides_negation, digit,
    decimal, sign, unit, operator, cut_number, other_word, antonym, dropped_word, dropped_article, inserted_word,
    swapped_words, plural, name, silent_omission, clause_swap, reversed_ellipsis, splice_near, splice_far,
    paraphrase_30, paraphrase_60, foreign, shuffled, ransom_note, cut_before_magnitude, cut_from_denial,
)  # fmt: skip
