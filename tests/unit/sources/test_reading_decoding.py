from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.sources.logic.reading.decoding import decode

RUSSIAN = "Правительство не нашло никаких доказательств, сказал министр журналистам в понедельник вечером."
JAPANESE = "公衆無線を安全に使うためのアプリの発売を開始すると発表した。"


@pytest.mark.parametrize(
    ("body", "content_type", "text", "encoding"),
    [
        ("é".encode(), "", "é", "utf-8"),
        ("é".encode(), "text/html; charset=iso-8859-1", "é", "utf-8"),
        (b"<meta charset=windows-1251>" + "é".encode(), "", "<meta charset=windows-1251>é", "utf-8"),
        (b"\x93caf\xe9\x94 \x80", "text/html; charset=ISO-8859-1", "“café” €", "cp1252"),
        (b"\x93caf\xe9\x94", "text/html; charset=us-ascii", "“café”", "cp1252"),
        (b'<meta charset="latin1">\x93\xe9\x94', "text/html", '<meta charset="latin1">“é”', "cp1252"),
        (RUSSIAN.encode("koi8-r"), "text/html; charset=KOI8-R", RUSSIAN, "koi8-r"),
        (RUSSIAN.encode("cp1251"), "text/html; charset='windows-1251'", RUSSIAN, "cp1251"),
        (JAPANESE.encode("cp932"), "text/html; charset=x-sjis", JAPANESE, "cp932"),
        (JAPANESE.encode("euc_jp"), "text/html; charset=EUC-JP", JAPANESE, "euc_jp"),
        (JAPANESE.encode("iso2022_jp"), "text/html; charset=iso-2022-jp", JAPANESE, "iso2022_jp"),
        ("中文网".encode("gb18030"), "text/html; charset=gb2312", "中文网", "gb18030"),
        (codecs.BOM_UTF8 + b"a", "text/html; charset=koi8-r", "a", "utf-8"),
        (codecs.BOM_UTF16_LE + "aé".encode("utf-16-le"), "", "aé", "utf-16-le"),
        (codecs.BOM_UTF16_BE + "aé".encode("utf-16-be"), "", "aé", "utf-16-be"),
        ("aé".encode("utf-16-le"), "text/html; charset=utf-16", "aé", "utf-16-le"),
        (b"<meta charset=utf-16>a", "", "<meta charset=utf-16>a", "utf-8"),
        (b"<meta charset=base64>caf\xe9", "text/html; charset=windows-1252", "<meta charset=base64>café", "cp1252"),
    ],
)  # fmt: skip
def test_bytes_are_decoded_by_what_they_are(
    body: bytes, content_type: str, text: str, encoding: str
) -> None:
    found = decode(body, content_type)
    assert (found.text, found.encoding) == (text, encoding)


@pytest.mark.parametrize("encoding", ["cp1251", "cp932"])
def test_an_encoding_nobody_names_is_guessed(encoding: str) -> None:
    text = {"cp1251": RUSSIAN, "cp932": JAPANESE}[encoding] * 3
    assert decode(b"<html>" + text.encode(encoding)).text == "<html>" + text


def test_a_wrong_declaration_is_not_believed() -> None:
    body = RUSSIAN.encode("cp1251") * 3
    assert decode(body, "text/html; charset=utf-8").text == RUSSIAN * 3


def test_one_bad_byte_does_not_make_a_page_another_language() -> None:
    assert (
        decode((RUSSIAN * 5).encode() + b"\xff" + RUSSIAN.encode()).text
        == RUSSIAN * 5 + "\ufffd" + RUSSIAN
    )


def test_a_character_cut_at_the_end_is_left_out() -> None:
    assert decode("éaé".encode()[:-1]).text == "éa"
    french = "Le café est fermé depuis l'été dernier, dit-il à la télé, et la forêt aussi, né"
    assert decode(french.encode("latin-1")).text == french


@given(
    st.binary(max_size=400),
    st.sampled_from(["", "utf-8", "koi8-r", "gb2312", "utf-16", "\udcff", "rot13"]),
)
@settings(max_examples=100, deadline=None)
def test_any_bytes_can_be_decoded(body: bytes, charset: str) -> None:
    assert isinstance(decode(body, f"text/html; charset={charset}").text, str)
