"""Differences of form that turn the sense round are no differences of form."""

from __future__ import annotations

import pytest

from copydesk.sources.logic.matching import TextIndex, check_quote
from copydesk.sources.logic.verdicts import ACCEPTED, Tag, Verdict

TURNED = [
    ("They can do it every day, they say.", "They can['t] do it every day", Tag.NEGATION),
    ("They can do it every day, they say.", "They can[’t] do it every day", Tag.NEGATION),
    ("The firm had paid the money at last.", "The firm had [not] paid the money", Tag.NEGATION),
    ("He likes the plan, they say.", "He [dis]likes the plan, they say", Tag.NEGATION),
    ("It is the American way of life.", "It is the [un]-American way of life", Tag.NEGATION),
    ("The way of it is careful today.", "The way of it is care[less] today", Tag.NEGATION),
    ("It is likely to rain at the coast.", "It is [unlikely] to rain at the coast", Tag.NEGATION),
    ("No; body was found in the house.", "Nobody was found in the house", Tag.NEGATION),
    ("There is no body in the house.", "There is nobody in the house", Tag.NEGATION),
    ("No. More than ten saw the fire.", "No more than ten saw the fire", Tag.NEGATION),
    ("twenty, one of whom fell, were there", "twenty-one of whom fell, were there", Tag.NUMBER),
    ("There were twenty. One hundred fled.", "There were twenty one hundred fled", Tag.NUMBER),
    ("The rate is 5 ‰ in the whole land.", "The rate is 5 in the whole land", Tag.NUMBER),
    ("It was 5 ℃ in the whole land.", "It was 5 in the whole land", Tag.NUMBER),
    ("Er wurde verurteilt, sagt er.", "Er würde verurteilt, sagt er", Tag.QUALIFIER),
    ("Sie hätte es gesagt, sagt er.", "Sie hatte es gesagt, sagt er", Tag.QUALIFIER),
    ("Es ist schon ein Haus am See.", "Es ist schön ein Haus am See", Tag.WORDS),
    ("Il a tué le père de cet homme.", "Il a tuè le père de cet homme", Tag.WORDS),
    ("قال إن الوزير دَفَعَ المبلغ كاملا", "قال إن الوزير دُفِعَ المبلغ كاملا", Tag.WORDS),
    (
        "قال الوزير إن الحكومة لم تدفع المال",
        "قال الوزير إن الحكومة [كانت] تدفع المال",
        Tag.NEGATION,
    ),
    ("政府は会社に金を払わなかったと述べた", "政府は会社に金を[出してい]たと述べた", Tag.NEGATION),
    ("部长说政府没有向公司支付款项", "部长说政府[昨天]向公司支付款项", Tag.NEGATION),
    ("Il governo non ha pagato i soldi", "Il governo [oggi] ha pagato i soldi", Tag.NEGATION),
]
KEPT = [
    ("A non-violent protest was held there.", "A nonviolent protest was held there", Verdict.MINOR),
    ("They can not do it, they say to us.", "They cannot do it, they say to us", Verdict.MINOR),
    (
        "The twenty-one boys were there again.",
        "The twenty one boys were there again",
        Verdict.MINOR,
    ),
    ("Le père a été tué près de là.", "Le pere a ete tue pres de la", Verdict.MINOR),
    ("قَالَ الوَزِيرُ إِنَّ الحُكُومَةَ دَفَعَتْ", "قالَ الوزير إنّ الحكومة دفعت", Verdict.MINOR),
    ("彼は「金を『全部』払った」と述べた。", "彼は“金を‘全部’払った”と述べた", Verdict.EXACT),
    ("部长说政府向公司支付款项", "部长说政府[昨天]向公司支付款项", Verdict.EXACT_MARKED),
    (
        "政府は会社に金を払ったと述べた",
        "政府は[この]会社に金を払ったと述べた",
        Verdict.EXACT_MARKED,
    ),
    ("Then no-\nbody was in the house.", "Then nobody was in the house", Verdict.MINOR),
    ("Then noth-\ning was in the house.", "Then nothing was in the house", Verdict.MINOR),
    ("He was none-\ntheless in the house.", "He was nonetheless in the house", Verdict.MINOR),
    ("In 2019 the mill was shut for good.", "In 2019[4] the mill was shut", Verdict.EXACT),
    ("The 60s were good years for the town.", "The [19]60s were good years", Verdict.EXACT_MARKED),
]
WARNED = [
    ("<5 percent of the patients died.", "5 percent of the patients died", "cut_after_sign"),
    ("It cost $5 million in all, he said.", "5 million in all, he said", "cut_after_sign"),
    ("They saw 50 men in the town.", "They saw 50[0] men in the town", "bracket_adds_number"),
    ("They saw 50 men in the town.", "They saw [1]50 men in the town", "bracket_swallows_number"),
    ("He paid 1,500 dollars last year.", "He paid 1,500 [million] dollars", "bracket_adds_number"),
]


@pytest.mark.parametrize(("source", "quote", "tag"), TURNED, ids=[quote for _, quote, _ in TURNED])
def test_what_turns_the_sense_round_is_refused_and_named(source: str, quote: str, tag: Tag) -> None:
    finding = check_quote(quote, TextIndex(source))
    assert finding.verdict not in ACCEPTED
    assert tag in finding.tags


def test_a_stop_that_changes_a_number_is_shown_where_it_stands() -> None:
    index = TextIndex("There were twenty, one of whom fell, were there.")
    finding = check_quote("There were twenty-one of whom fell, were there", index)
    changed = [(one.source, one.quote, one.tag) for one in finding.differences if not one.is_equal]
    assert changed == [("twenty, one", "twenty-one", Tag.NUMBER)]


@pytest.mark.parametrize(("source", "quote", "verdict"), KEPT, ids=[quote for _, quote, _ in KEPT])
def test_what_is_only_form_stays_accepted(source: str, quote: str, verdict: Verdict) -> None:
    language = "" if source.isascii() else "fr" if "père" in source else ""
    assert check_quote(quote, TextIndex(source), language=language).verdict is verdict


@pytest.mark.parametrize(("source", "quote", "code"), WARNED, ids=[quote for _, quote, _ in WARNED])
def test_what_readers_may_take_for_another_number_is_warned_of(
    source: str, quote: str, code: str
) -> None:
    finding = check_quote(quote, TextIndex(source))
    assert code in {warning.code for warning in finding.warnings}


def test_figures_in_brackets_beside_a_figure_are_never_called_exact() -> None:
    finding = check_quote(
        "They saw 50\u200b[0] men in the town", TextIndex("They saw 50 men in the town")
    )
    assert finding.verdict is Verdict.EXACT_MARKED


def test_an_accent_left_out_of_a_word_that_begins_with_per_is_no_percent_sign() -> None:
    finding = check_quote("Il aime le pere de Marie", TextIndex("Il aime le père de Marie"))
    assert [notice.code for notice in finding.notices] == ["accents"]


def test_a_denial_in_another_language_than_the_article_is_not_swallowed() -> None:
    index = TextIndex("Er sagte, er sei nicht schuldig an dem Brand.", language="de")
    finding = check_quote("er sei [gar] schuldig an dem Brand", index, language="en")
    assert (finding.verdict, finding.tags) == (Verdict.ALTERED, (Tag.NEGATION,))


def test_a_paragraph_that_denies_is_not_passed_over_in_silence() -> None:
    source = "He said it was safe.\n\nThat was not true at all.\n\nThen he left the town by car."
    finding = check_quote(
        "He said it was safe.\n\nThen he left the town by car.", TextIndex(source)
    )
    assert (finding.verdict, finding.tags) == (Verdict.ALTERED, (Tag.NEGATION,))
