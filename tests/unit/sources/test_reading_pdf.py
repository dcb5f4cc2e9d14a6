from __future__ import annotations

import contextlib

import pytest

from copydesk.sources.logic.reading import Field, Origin, Unreadable, read_source
from copydesk.sources.logic.reading.pdf import join_pages, read_pdf
from copydesk.sources.logic.verdicts import Layer
from tests.unit.sources.pdf import make_pdf


def head(number: int) -> list[str]:
    return [f"The Committee's Report   {number}", ""]


PAGES = [
    [
        *head(1),
        "Nobody could say what it cost, and the compa-",
        "nies did not ask. The price of that was",
    ],
    [*head(2), "paid by others (all of them), as the inquiry found.", "It closed in March."],
    [*head(3), "A new chapter begins here.", "", "", "", "And another paragraph."],
]


def test_a_pdf_is_text_joined_over_pages_without_its_running_heads() -> None:
    reading = read_source(make_pdf(PAGES), content_type="application/pdf")
    text = reading.layers[Layer.VISIBLE]
    assert "the compa-\nnies did not ask" in text
    assert "The price of that was\npaid by others (all of them)" in text
    assert "It closed in March.\n\nA new chapter" in text
    assert "Committee" not in text
    assert not reading.is_truncated


def test_what_a_pdf_is_called_does_not_matter() -> None:
    assert (
        "closed in March"
        in read_source(make_pdf(PAGES), content_type="text/html").layers[Layer.VISIBLE]
    )


def test_a_pdf_says_what_it_is() -> None:
    info = "/Title (On \\223Words\\224) /Author (Ada Byron; Ben Okri) /CreationDate (D:20260304103000Z)"
    said = read_source(make_pdf(PAGES, info=info), content_type="application/pdf").description
    assert said.title is not None
    assert said.title.origin is Origin.GUESS
    assert said.byline == (Field("Ada Byron", Origin.GUESS), Field("Ben Okri", Origin.GUESS))
    assert said.published_on == Field("2026-03-04", Origin.GUESS)
    assert said.kind == Field("document", Origin.GUESS)


def test_a_line_on_few_pages_is_no_running_head() -> None:
    pages = [["Title", f"Text {letter}."] for letter in "ab"]
    assert join_pages(pages) == "Title\nText a.\n\nTitle\nText b."
    assert join_pages([*pages, ["Text c."], ["Text d."], ["Text e."]]).count("Title") == 2


def test_a_line_in_the_middle_of_pages_stays_however_often_it_comes() -> None:
    pages = [
        ["First.", "Second.", "Again.", f"{word} fourth.", "Fifth."]
        for word in ("One", "Two", "Three")
    ]
    assert join_pages(pages).count("Again.") == 3
    assert "First." not in join_pages(pages)


def test_the_heads_of_chapters_go_and_rows_of_numbers_stay() -> None:
    pages = [["One chapter", "Text.", f"{n}"] for n in range(3)] + [
        ["Two", "Text.", f"{n}"] for n in range(3, 7)
    ]
    rows = [[f"1.{n} 2.{n} 3.{n}", f"4.{n}"] for n in range(4)]
    text = join_pages([*pages, *rows])
    assert "chapter" not in text
    assert "Two" not in text
    assert "1.3 2.3 3.3\n4.3" in text
    assert not [line for line in text.splitlines() if line.isdigit()]


def test_pages_beyond_the_limit_are_left_out() -> None:
    found = read_pdf(make_pdf(PAGES), max_pages=2)
    assert found.is_truncated
    assert "closed in March" in found.text
    assert "new chapter" not in found.text


def test_time_is_limited() -> None:
    found = read_pdf(make_pdf(PAGES), seconds=0)
    assert found.is_truncated


ENCRYPTED = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'ab' * 32}> /U <{'cd' * 32}> /P -4 >> /ID [<00> <00>]"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (make_pdf(PAGES, trailer=ENCRYPTED), "encrypted"),
        (b"%PDF-1.4\n", "broken"),
        (b"%PDF-1.4\n" + b"\x00\xff" * 5_000, "broken"),
        (
            b"%PDF-1.4\ntrailer << /Root 1 0 R >>\n1 0 obj << /Pages 1 0 R /Kids [1 0 R] >> endobj",
            "broken",
        ),
        (b"%PDF-1.7" + b" " * 50_000_001, "too_heavy"),
    ],
    ids=["encrypted", "empty", "noise", "loop", "huge"],
)
def test_a_pdf_that_cannot_be_read_says_why(body: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_source(body, content_type="application/pdf")
    assert refused.value.code == code


@pytest.mark.parametrize("cut", range(100, 1_700, 150))
def test_a_pdf_that_is_cut_off_gives_what_it_has_or_is_refused(cut: int) -> None:
    with contextlib.suppress(Unreadable):
        assert (
            Layer.VISIBLE
            in read_source(make_pdf(PAGES)[:cut], content_type="application/pdf").layers
        )


def test_nested_arrays_without_end_are_refused() -> None:
    body = make_pdf(PAGES).replace(b"[0 0 600 800]", b"[" * 20_000)
    with pytest.raises(Unreadable):
        read_source(body, content_type="application/pdf")
