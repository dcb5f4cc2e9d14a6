"""One case for every rule, and for everything that once was judged wrongly or may be."""

from __future__ import annotations

import pytest

from copydesk.sources.logic.matching import TextIndex, check_quote
from copydesk.sources.logic.verdicts import Finding, Verdict

EXACT, MARKED, MINOR = Verdict.EXACT, Verdict.EXACT_MARKED, Verdict.MINOR
ALTERED, NOT_FOUND = Verdict.ALTERED, Verdict.NOT_FOUND

TEXT = """The harbor will cost $48.5 million, the council’s report says. “There is no evidence that the vaccine causes
autism in children,” said Dr. Jane Smith. We’re sure it ran -5° at night, and about 1,500 people saw it between
pages 10-15.

It happens in 3 per 100,000 cases (p<.05), and m² is not m2. He asked: is the bridge safe? Nobody answered him then.

Peter’s well-known co-operative sold naïve colour prints & maps in the U.S. market for 20 percent less than before.
The Straße was closed… but the tired driver[12] walked on, though he didn’t run. Nothing [sic] was said about it
later."""

ACCEPTED_AS_WRITTEN = [
    (
        "N2 a decomposed letter",
        "Peter's well-known co-operative sold nai\u0308ve colour prints",
        EXACT,
    ),
    (
        "N2 a ligature",
        "“There is no evidence that the vaccine causes autism in children,” said Dr. Jane Smith",
        EXACT,
    ),
    ("N2 full-width letters", "Ｔhe harbor will cost $48.5 million", EXACT),
    ("N2 the ellipsis character", "The Straße was closed... but the tired driver walked on", EXACT),
    ("N3 a soft hyphen", "The har\u00adbor will cost $48.5 million", EXACT),
    ("N3 zero-width and direction", "The harbor\u200b will \u202ecost\u202c $48.5 million", EXACT),
    ("N4 odd spaces", "The\u00a0harbor\u2009will\n  cost\u3000$48.5 million", EXACT),
    (
        "N5 straight marks",
        'There is no evidence that the vaccine causes autism in children," said Dr.',
        EXACT,
    ),
    (
        "N5 angle marks",
        "«There is no evidence that the vaccine causes autism in children», said Dr.",
        MINOR,
    ),
    (
        "N6 single for double marks",
        "‘There is no evidence that the vaccine causes autism in children,’ said Dr.",
        EXACT,
    ),
    ("N7 another dash", "saw it between pages 10–15", EXACT),
    ("N7 another minus", "We're sure it ran −5° at night", EXACT),
    ("N8 a footnote left out", "but the tired driver walked on, though he didn't run", EXACT),
    ("N8 another footnote", "but the tired driver[3] walked on, though he didn't run", EXACT),
    ("N9 outer marks and a full stop", "“The harbor will cost $48.5 million.”", EXACT),
    ("N9 a semicolon at the end", "The harbor will cost $48.5 million;", EXACT),
    ("brackets of the source", "Nothing [sic] was said about it later", EXACT),
    ("a question kept", "is the bridge safe?", EXACT),
]

ACCEPTED_WITH_A_NOTICE = [
    ("capitals", "THE HARBOR WILL COST $48.5 MILLION", "letter_case"),
    ("a comma lost", "The harbor will cost $48.5 million the council's report says", "punctuation"),
    ("a question made a statement", "is the bridge safe.", "question_mark"),
    ("a statement made a question", "Nobody answered him then?", "question_mark"),
    ("a word in two", "Peter's well-known co-opera tive sold", "spacing"),
    ("a line broken", "the vaccine causes autism in chil-\ndren", "hyphenation"),
    ("a hyphen lost", "Peter's well-known cooperative sold", "hyphenation"),
    ("an accent lost", "well-known co-operative sold naive colour prints", "accents"),
    ("thousands", "and about 1500 people saw it", "number_format"),
    ("an abbreviation", "maps in the US market for 20", "abbreviation"),
    ("percent as a sign", "market for 20% less than before", "percent_sign"),
    ("percent in two words", "market for 20 per cent less than before", "percent_sign"),
    ("and for &", "colour prints and maps in the", "ampersand"),
    ("ss for ß", "The Strasse was closed", "sharp_s"),
    ("the other English", "co-operative sold naïve color prints", "spelling_variant"),
]

MARKED_WELL = [
    ("[...]", "The harbor will cost [...] the council’s report says", MARKED),
    ("[…]", "The harbor will cost […] the council’s report says", MARKED),
    ("(...)", "The harbor will cost (...) the council’s report says", MARKED),
    ("bare points", "The harbor will cost ... the council’s report says", MARKED),
    ("the character", "The harbor will cost … the council’s report says", MARKED),
    ("spaced points", "The harbor will cost . . . the council’s report says", MARKED),
    ("at both ends", "… the vaccine causes autism in children […]", EXACT),
    ("a changed first letter", "[t]he harbor will cost $48.5 million", MARKED),
    ("an ending", "the tired driver[s] walk[s] on, though he", MARKED),
    ("a replacement", "The [port] will cost $48.5 million", MARKED),
    ("an insertion", "The harbor [basin] will cost $48.5 million", MARKED),
    ("sic", "about 1,500 people [sic] saw it", MARKED),
    ("emphasis", "The harbor will cost $48.5 million [emphasis added]", MARKED),
    ("marks and a minor difference", "The HARBOR will cost […] the council’s report says", MINOR),
    ("paragraphs that follow", "between pages 10-15.\n\nIt happens in 3 per 100,000 cases", EXACT),
]

REFUSED = [
    ("a negation lost", "There is evidence that the vaccine causes autism in children"),
    ("a negation added", "The harbor will not cost $48.5 million"),
    ("a contraction lost", "walked on, though he did run"),
    ("an apostrophe lost", "Were sure it ran -5° at night"),
    ("a comparison turned", "It happens in 3 per 100,000 cases (p>.05)"),
    ("a point lost", "in 3 per 100,000 cases (p<05)"),
    ("a minus lost", "We’re sure it ran 5° at night"),
    ("a range made a number", "people saw it between pages 1015"),
    ("a number cut in two", "It happens in 3 per 100"),
    ("a number cut at its front", "000 cases (p<.05), and m² is"),
    ("a number cut at its point", "The harbor will cost $48"),
    ("a currency changed", "The harbor will cost €48.5 million"),
    ("a decimal moved", "The harbor will cost $4.85 million"),
    ("a power flattened", "cases (p<.05), and m2 is not m2"),
    ("begun inside a word", "arbor will cost $48.5 million"),
    ("ended inside a word", "The harbor will cost $48.5 mill"),
    ("a bracket over a negation", "There is [some] evidence that the vaccine causes autism"),
    ("a bracket that denies", "The harbor will [not] cost $48.5 million"),
    ("a silent omission", "The harbor will cost the council’s report says"),
    (
        "a silent omission between paragraphs",
        "We’re sure it ran\n\nat night, and about 1,500 people saw it",
    ),
    ("backwards", "about 1,500 people saw it […] The harbor will cost $48.5 million"),
    ("a case bracket on another word", "[S]he harbor will cost $48.5 million"),
    ("an ending on another stem", "the tired walke[r] walked on"),
    ("a splice", "The harbor will cost the vaccine causes autism in children"),
    ("two words swapped", "The harbor cost will $48.5 million"),
    ("homoglyphs", "The h\u0430rbor will cost $48.5 million"),
    ("a space that unmakes a denial", "the driver was no table guest in the house"),
    ("nothing of it", "An entirely different sentence about swimming pools"),
    ("pieces of a ransom note", "The … vaccine … maps … later"),
]


@pytest.fixture(scope="module")
def index() -> TextIndex:
    return TextIndex(TEXT)


def _codes(finding: Finding) -> set[str]:
    return {notice.code for notice in (*finding.notices, *finding.warnings)}


@pytest.mark.parametrize(
    ("case", "quote", "verdict"), ACCEPTED_AS_WRITTEN, ids=lambda value: str(value)[:40]
)
def test_typography_never_matters(
    case: str, quote: str, verdict: Verdict, index: TextIndex
) -> None:
    assert check_quote(quote, index).verdict is verdict


@pytest.mark.parametrize(
    ("case", "quote", "code"), ACCEPTED_WITH_A_NOTICE, ids=lambda value: str(value)[:40]
)
def test_minor_differences_are_named(case: str, quote: str, code: str, index: TextIndex) -> None:
    finding = check_quote(quote, index)
    assert finding.verdict is MINOR
    assert code in _codes(finding)


@pytest.mark.parametrize(
    ("case", "quote", "verdict"), MARKED_WELL, ids=lambda value: str(value)[:40]
)
def test_marked_departures_are_accepted(
    case: str, quote: str, verdict: Verdict, index: TextIndex
) -> None:
    assert check_quote(quote, index).verdict is verdict


@pytest.mark.parametrize(("case", "quote"), REFUSED, ids=lambda value: str(value)[:40])
def test_what_the_source_does_not_say_is_refused(case: str, quote: str, index: TextIndex) -> None:
    assert check_quote(quote, index).verdict in {ALTERED, NOT_FOUND}


@pytest.mark.parametrize(
    ("quote", "code"),
    [
        ("the vaccine causes autism in children", "cut_from_denial"),
        ("The harbor will cost $48.5", "cut_before_magnitude"),
        ("maps in the U.S. market for 20", "cut_before_magnitude"),
        ("There is […] evidence that the vaccine causes autism", "ellipsis_hides_negation"),
        ("people saw it between pages [ten to fifteen]. It happens", "bracket_swallows_number"),
        ("The [big old inner port basin] will cost $48.5 million", "long_insertion"),
        ("The harbor", "too_short"),
        ("The harbor will cost […] says", "weak_segment"),
        ("about 1,500 people saw it […] The harbor will cost $48.5 million", "ellipsis_backwards"),
        ("known co-operative sold naïve colour prints", "begins_mid_word"),
        ("The h\u0430rbor will cost $48.5 million", "mixed_scripts"),
        ("", "empty"),
        (" “…” ", "empty"),
    ],
)
def test_what_may_mislead_is_warned_of(quote: str, code: str, index: TextIndex) -> None:
    assert code in {warning.code for warning in check_quote(quote, index).warnings}


def test_a_whole_sentence_raises_no_warning(index: TextIndex) -> None:
    finding = check_quote("The harbor will cost $48.5 million, the council’s report says.", index)
    assert finding.warnings == ()
    assert finding.notices == ()


def test_an_ellipsis_over_hundreds_of_words_is_warned_of() -> None:
    index = TextIndex(
        f"The first words stand here. {'More and more words. ' * 120} The last words stand there."
    )
    finding = check_quote("The first words stand here. […] The last words stand there.", index)
    assert finding.verdict is MARKED
    assert {warning.code for warning in finding.warnings} == {"ellipsis_skips_far"}


def test_words_from_far_apart_are_called_assembled() -> None:
    far = " ".join(f"word{number}" for number in range(900))
    index = TextIndex(
        f"The mayor said on Monday that the bridge is safe. {far} The river rose by two meters in one night."
    )
    finding = check_quote(
        "The mayor said on Monday that the river rose by two meters in one night", index
    )
    assert finding.verdict is ALTERED
    assert "assembled" in _codes(finding)
    assert len(finding.spans) == 2


def test_several_places_are_counted() -> None:
    index = TextIndex("We shall overcome some day. He said it again: we shall overcome some day.")
    finding = check_quote("we shall overcome some day", index)
    assert finding.verdict is EXACT
    assert finding.occurrence_count == 2
    assert "several_places" in _codes(finding)


def test_negations_decide_whether_spaces_are_minor() -> None:
    index = TextIndex("The result was notable indeed, said the judge in the case.")
    assert not check_quote("The result was not able indeed, said the judge", index).is_accepted
    assert check_quote("The result was nota ble indeed, said the judge", index).verdict is MINOR
