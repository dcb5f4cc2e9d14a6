"""Sources as they are: pages with things between, other languages, several layers, and hostile ones."""

from __future__ import annotations

import time

import pytest

from bench.quotations.sources import own_texts
from copydesk.sources.logic.matching import TextIndex, check_layers, check_quote
from copydesk.sources.logic.verdicts import Finding, Layer, Tag, Verdict

PARAGRAPHS = """The mayor opened the bridge on Monday morning.

Read more: ten bridges you should see

It had been closed for three years.

The river has not risen since then, he said."""


def _codes(finding: Finding) -> set[str]:
    return {notice.code for notice in (*finding.notices, *finding.warnings)}


# -- paragraphs, footnotes, wrong decoding


def test_headings_between_quoted_paragraphs_are_no_alteration() -> None:
    finding = check_quote(
        "The mayor opened the bridge on Monday morning.\n\nIt had been closed for three years.",
        TextIndex(PARAGRAPHS),
    )
    assert finding.verdict is Verdict.MINOR
    assert _codes(finding) == {"paragraph_break"}
    assert finding.notices[0].detail == "Read more: ten bridges you should see"


def test_more_than_eighty_words_between_paragraphs_are_an_omission() -> None:
    index = TextIndex(PARAGRAPHS.replace("Read more", "word " * 81))
    quote = "The mayor opened the bridge on Monday morning.\n\nIt had been closed for three years."
    assert check_quote(quote, index).verdict is Verdict.ALTERED


@pytest.mark.parametrize("source", ["the bill3 passed", "the bill,22 passed", "the bill¹² passed"])
def test_the_number_of_a_footnote_glued_to_a_word_is_minor(source: str) -> None:
    index = TextIndex(f"Everybody was glad when {source} at last in the lower house.")
    quote = "Everybody was glad when the bill passed at last".replace(
        "bill", "bill," if ",22" in source else "bill"
    )
    finding = check_quote(quote, index)
    assert finding.verdict is Verdict.MINOR
    assert "footnote_marker" in _codes(finding)


def test_the_number_of_a_footnote_glued_to_a_year_is_minor() -> None:
    index = TextIndex("The last census was held in 2019.4 No other followed.")
    assert (
        check_quote("The last census was held in 2019. No other followed.", index).verdict
        is Verdict.MINOR
    )


@pytest.mark.parametrize(
    ("source", "quote"), [("rose by 5.4 percent", "rose by 5 percent"), ("km² of", "km of")]
)
def test_other_numbers_are_never_taken_for_footnotes(source: str, quote: str) -> None:
    index = TextIndex(f"In the spring it {source} the whole valley, they said.")
    assert not check_quote(f"In the spring it {quote} the whole valley", index).is_accepted


def test_a_text_decoded_wrongly_is_repaired_and_said_so() -> None:
    raw = "She said: “It’s the café that we’ll miss, nothing else.”"
    index = TextIndex(f"Before. {raw.encode().decode('cp1252', 'replace')} After.")
    finding = check_quote("“It’s the café that we’ll miss, nothing else", index)
    assert finding.is_accepted
    assert "mojibake_repaired" in _codes(finding)
    start, end = finding.spans[0]
    assert index.text[start:end].startswith("It")
    assert index.text[start:end].endswith("else")


# -- evidence


def test_the_difference_is_shown_word_by_word() -> None:
    finding = check_quote("The river has risen since then, he said", TextIndex(PARAGRAPHS))
    assert finding.verdict is Verdict.ALTERED
    assert finding.tags == (Tag.NEGATION,)
    assert [(one.source, one.quote) for one in finding.differences if not one.is_equal] == [
        ("not", "")
    ]
    assert finding.source_words == "The river has not risen since then, he said"
    assert finding.marked == "The river has […] risen since then, he said"


@pytest.mark.parametrize(
    ("quote", "tag"),
    [
        ("It had been closed for four years", Tag.NUMBER),
        ("It may have been closed for three years", Tag.QUALIFIER),
        ("The mayor opened the bridge on Tuesday morning", Tag.NAME),
        ("The mayor opened the market on Monday morning", Tag.WORDS),
    ],
)
def test_the_difference_says_what_kind_of_word_it_touches(quote: str, tag: Tag) -> None:
    finding = check_quote(quote, TextIndex(PARAGRAPHS))
    assert finding.tags == (tag,)


def test_spans_are_offsets_in_the_raw_text() -> None:
    text = "Once\u00ad upon\u200b a time there was a ﬁsh [12] in the sea."
    finding = check_quote("there was a fish in the sea", TextIndex(text))
    (start, end) = finding.spans[0]
    assert text[start:end] == "there was a ﬁsh [12] in the sea"


def test_context_is_the_rest_of_the_sentence_and_one_more() -> None:
    text = (
        "First of all. Second one. He said that the house is old and cold. Fourth one. Fifth one."
    )
    finding = check_quote("that the house is old", TextIndex(text))
    assert finding.before == "Second one. He said"
    assert finding.after == "and cold. Fourth one."
    whole = check_quote("He said that the house is old and cold.", TextIndex(text))
    assert (whole.before, whole.after) == ("Second one.", "Fourth one.")


# -- languages

CHANGED = {
    "de": ("nicht abzureißen", "abzureißen", True), "fr": ("n’ouvrira pas", "ouvrira", True),
    "es": ("no cerrará", "cerrará", True), "ar": ("لن تغلق", "تغلق", False),
    "zh": ("不会关闭", "会关闭", True), "ja": ("十月に", "九月に", False),
}  # fmt: skip
QUOTES = {
    "de": "die alte Mühle am Fluss nicht abzureißen. Nach mehr als drei Stunden",
    "fr": "La bibliothèque municipale n’ouvrira pas ses portes avant le mois de mars",
    "es": "El ayuntamiento no cerrará el mercado central este verano",
    "ar": "إن المدينة لن تغلق السوق القديم هذا العام",
    "zh": "今年夏天不会关闭中央市场",
    "ja": "改修工事は十月に始まり、約十四か月続く見込みで",
}


@pytest.mark.parametrize("language", sorted(QUOTES))
@pytest.mark.parametrize("is_told", [True, False])
def test_other_languages_are_checked_word_for_word(language: str, is_told: bool) -> None:  # noqa: FBT001 – a parameter.
    text = next(text for text in own_texts() if text.language == language)
    told = language if is_told else ""
    assert check_quote(QUOTES[language], text.index, language=told).verdict is Verdict.EXACT
    source, lie, is_negation = CHANGED[language]
    finding = check_quote(QUOTES[language].replace(source, lie), text.index, language=told)
    assert finding.verdict is Verdict.ALTERED
    if is_negation:
        assert finding.tags[0] is Tag.NEGATION


def test_arabic_points_and_strokes_are_minor() -> None:
    index = TextIndex("وأكد التجار أنهم لم يتلقوا أي إنذار قبل القرار")
    finding = check_quote("وأكّد التجـار أنهم لم يتلقوا أي إنذار", index)
    assert finding.verdict is Verdict.MINOR
    assert "accents" in _codes(finding)


@pytest.mark.parametrize(
    ("language", "source", "quote"),
    [
        ("en", "Some seven people came to the house", "Some eight people came to the house"),
        ("de", "Es kamen drei Leute in das alte Haus", "Es kamen vier Leute in das alte Haus"),
        (
            "fr",
            "Il y avait deux hommes dans la vieille maison",
            "Il y avait trois hommes dans la vieille maison",
        ),
        ("es", "Vinieron siete hombres a la casa vieja", "Vinieron ocho hombres a la casa vieja"),
    ],
)
def test_number_words_are_numbers(language: str, source: str, quote: str) -> None:
    assert check_quote(quote, TextIndex(source), language=language).tags == (Tag.NUMBER,)


# -- layers


def test_the_visible_text_comes_first_and_others_rescue_it() -> None:
    one, other = (
        TextIndex("The first sentence is here, in full."),
        TextIndex("The second sentence is here, too."),
    )
    layers = {Layer.EMBEDDED: other, Layer.VISIBLE: one, Layer.MAIN: one}
    finding = check_layers("The first sentence is here", layers)
    assert (finding.verdict, finding.layer, finding.warnings) == (Verdict.EXACT, Layer.VISIBLE, ())
    finding = check_layers("The second sentence is here", layers)
    assert (finding.verdict, finding.layer) == (Verdict.EXACT, Layer.EMBEDDED)
    assert _codes(finding) == {"only_embedded"}


def test_words_outside_the_main_text_are_warned_of() -> None:
    visible = TextIndex("The article says this. A reader commented that this is wrong, of course.")
    layers = {Layer.VISIBLE: visible, Layer.MAIN: TextIndex("The article says this.")}
    quote = "A reader commented that this is wrong"
    assert "outside_main_text" in _codes(check_layers(quote, layers))
    assert "outside_main_text" not in _codes(
        check_layers(quote, {**layers, Layer.MAIN: TextIndex("")})
    )


def test_no_layer_is_no_finding() -> None:
    assert check_layers("Any words at all", {}).verdict is Verdict.NOT_FOUND


# -- hostile input

LONG = " ".join(f"word{number % 977} and {number}" for number in range(34_000))
HOSTILE = {
    "one word again and again": "a " * 100_000,
    "slots": "a [x] " * 5_000,
    "ellipses": "the [...] " * 5_000,
    "open brackets": "[" * 100_000,
    "unclosed brackets": "[sic" * 30_000,
    "footnotes in footnotes": "[" * 5_000 + "1" + "]" * 5_000,
    "footnotes": "[a]" * 30_000,
    "points": "." * 100_000,
    "apostrophes": "a'" * 50_000,
    "numbers": "1.2,3" * 20_000,
    "marks on marks": "a" + "\u0301" * 50_000,
    "nothing visible": "\u200b\u202e" * 50_000,
    "surrogates and zeros": "x\0y \ud800 \udfff" * 10_000,
    "paragraphs": "about\n\n" * 20_000,
    "spaces": " \u00ad" * 50_000,
}


@pytest.fixture(scope="module")
def repeating() -> TextIndex:
    return TextIndex(f"{PARAGRAPHS}{'a the about ' * 10_000}")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_quotations_take_bounded_time(name: str, repeating: TextIndex) -> None:
    """Two seconds of this process's own time, where most take a fifth of one: what grows with the square takes more."""
    started = time.process_time()
    finding = check_quote(HOSTILE[name], repeating)
    assert time.process_time() - started < 2
    assert finding.verdict in Verdict


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_sources_take_bounded_time(name: str) -> None:
    started = time.process_time()
    finding = check_quote(
        "The mayor opened the bridge […] on a [b] Monday", TextIndex(HOSTILE[name])
    )
    assert time.process_time() - started < 2
    assert not finding.is_accepted


def test_a_quotation_of_a_hundred_thousand_words_is_found_and_its_change_named() -> None:
    index = TextIndex(LONG)
    assert check_quote(LONG, index).verdict is Verdict.EXACT
    finding = check_quote(LONG.replace("word500 and 500", "word500 and 501", 1), index)
    assert finding.verdict is Verdict.ALTERED
    assert finding.tags == (Tag.NUMBER,)
