"""What holds of every quotation."""

from __future__ import annotations

import pickle
import re

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from copydesk.sources.logic.matching import TextIndex, check_quote, normalize
from copydesk.sources.logic.matching.words import is_negation
from copydesk.sources.logic.verdicts import ACCEPTED, Tag, Verdict

SOURCE = """The committee met on 12 May 2019 in Lindau. “There is no evidence that the bridge was unsafe,” said Dr. Jane
Smith, who led the three-year study, “and nobody should pretend there is.” About 1,500 people took part; fewer than 5.5
percent had complaints.

The temperature fell to -5 °C at night (p<.05), and the river – it had never frozen before – could be crossed on foot.
Isn’t that enough? Peter Lindqvist doesn’t think so: he claims that the authority’s numbers, which don’t include the
winter of 2018, are “almost certainly wrong”. The repairs will cost €3.4 million, half of which the state will pay."""

INDEX = TextIndex(SOURCE)
WORDS = list(re.finditer(r"\S+", SOURCE))
TROUBLE = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=()),
        st.sampled_from(
            "[]()… .'\"’“-–—0123456789aAeé\u0301\u00ad\u200b\u200f\u00a0\n\u1100\u1161\u212b½²ﬁ，１"
        ),
    ),
    max_size=60,
)


@given(TROUBLE)
@settings(max_examples=100)
def test_normalizing_twice_is_normalizing_once(text: str) -> None:
    once = normalize(text).text
    assert normalize(once).text == once


@given(TROUBLE)
@settings(max_examples=100)
def test_offsets_map_back_to_the_raw_text(text: str) -> None:
    mapped = normalize(text)
    places = [(mapped.raw_start(at), mapped.raw_end(at + 1)) for at in range(len(mapped.text))]
    assert all(0 <= start <= end <= len(text) for start, end in places)
    assert places == sorted(places)


@given(TROUBLE)
@settings(max_examples=100)
def test_the_raw_words_at_mapped_offsets_are_the_same_words(text: str) -> None:
    index = TextIndex(text)
    for number in range(len(index)):
        start, end = index.raw_span(number, number + 1)
        assert index.tokens.word(number) in normalize(text[max(0, start - 1) : end + 1]).text


@given(TROUBLE, TROUBLE)
@settings(max_examples=100)
def test_no_text_makes_a_check_fail(quote: str, source: str) -> None:
    assert check_quote(quote, TextIndex(source)).verdict in Verdict


@st.composite
def passages(draw: st.DrawFn, least: int = 4) -> tuple[int, int]:
    first = draw(st.integers(0, len(WORDS) - least))
    return first, draw(st.integers(first + least, len(WORDS)))


def _text(first: int, last: int) -> str:
    return SOURCE[WORDS[first].start() : WORDS[last - 1].end()]


@given(passages())
@settings(max_examples=100)
def test_four_words_of_the_source_and_more_are_always_accepted(place: tuple[int, int]) -> None:
    finding = check_quote(_text(*place), INDEX)
    assert finding.verdict in ACCEPTED
    assert len(finding.spans) == 1
    assert finding.source_words.rstrip("?.") in " ".join(_text(*place).split())


@given(passages(), st.data())
@settings(max_examples=100)
def test_a_word_changed_to_another_is_never_accepted(
    place: tuple[int, int], data: st.DataObject
) -> None:
    words = _text(*place).split()
    number = data.draw(st.integers(0, len(words) - 1))
    new = data.draw(
        st.sampled_from(("harbor", "not", "seven", "1,499", "Geneva", "unsafer", "isn’t", "5"))
    )
    core = re.search(r"\w.*\w|\w", words[number])
    assume(core is not None and core[0].casefold() != new)
    assert core is not None
    words[number] = words[number].replace(core[0], new)
    finding = check_quote(" ".join(words), INDEX)
    assert finding.verdict not in ACCEPTED


@given(passages(least=12), st.data())
@settings(max_examples=100)
def test_the_marked_form_of_an_altered_quotation_is_accepted_with_its_marks(
    place: tuple[int, int], data: st.DataObject
) -> None:
    words = _text(*place).split()
    for _ in range(data.draw(st.integers(1, 3))):
        number = data.draw(st.integers(1, len(words) - 2))
        words[number : number + data.draw(st.integers(0, 2))] = data.draw(
            st.sampled_from(
                (["harbor"], ["5"], ["a"], ["the", "engineer"], [], ["édit"], ["1", "2"])
            )
        )
    finding = check_quote(" ".join(words), INDEX)
    if finding.verdict is Verdict.ALTERED and finding.marked and Tag.NEGATION not in finding.tags:
        again = check_quote(finding.marked, INDEX)
        assert again.verdict in {Verdict.EXACT, Verdict.EXACT_MARKED}


@given(passages(), st.data())
@settings(max_examples=100)
def test_a_negation_left_out_is_named(place: tuple[int, int], data: st.DataObject) -> None:
    words = _text(*place).split()
    found = [number for number, word in enumerate(words[1:-1], 1) if is_negation(word)]
    assume(found)
    del words[data.draw(st.sampled_from(found))]
    finding = check_quote(" ".join(words), INDEX)
    assert finding.verdict is Verdict.NOT_FOUND or finding.tags[0] is Tag.NEGATION
    assert not finding.is_accepted


def test_an_index_survives_being_stored() -> None:
    quote = "There is evidence that the bridge was unsafe"
    copy = pickle.loads(pickle.dumps(INDEX))
    assert check_quote(quote, copy) == check_quote(quote, INDEX)
