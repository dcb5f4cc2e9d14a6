from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from copydesk.importers.wordpress.logic.dates import resolve_date
from copydesk.importers.wordpress.logic.errors import MalformedWXR, NotWXR
from copydesk.importers.wordpress.logic.reader import ExportReader
from copydesk.importers.wordpress.logic.stream import MendingStream
from tests.factories.wxr import FOOT, HEAD, item, meta, term, write

if TYPE_CHECKING:
    from pathlib import Path

BOMB = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>
<item><title>&c;</title></item></channel></rss>"""
SPY = """<?xml version="1.0"?><!DOCTYPE rss SYSTEM "file:///etc/passwd">
<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel/></rss>"""


def test_real_archive_theme_unit_test(shared_data: Path) -> None:
    survey = ExportReader(shared_data / "wordpress" / "themeunittestdata.wordpress.xml").survey()
    assert survey.item_count == 186
    assert survey.items == {"post": 58, "page": 21, "attachment": 37, "nav_menu_item": 70}
    assert survey.statuses == {"publish": 147, "inherit": 37, "future": 1, "draft": 1}
    assert survey.comments == {"approved": 26, "pending": 3, "ping": 4}
    assert survey.author_count == 2
    assert survey.mended == {}


def test_real_archive_block_test(shared_data: Path) -> None:
    survey = ExportReader(shared_data / "wordpress" / "64-block-test-data.xml").survey()
    assert survey.item_count == 72
    assert survey.items == {"post": 61, "page": 1, "wp_navigation": 1, "attachment": 9}


@pytest.mark.parametrize("name", ["valid-wxr-1.0.xml", "valid-wxr-1.1.xml", "small-export.xml"])
def test_older_versions_are_read(shared_data: Path, name: str) -> None:
    items = list(ExportReader(shared_data / "wordpress" / name).items())
    assert items
    assert all(found.wp_id and found.post_type in {"post", "page"} for found in items)


def test_nested_cdata_comes_out_whole(shared_data: Path) -> None:
    (found,) = ExportReader(shared_data / "wordpress" / "crazy-cdata.xml").items()
    assert found.content == "Content with nested <![CDATA[ tags ]]> :)"
    assert found.meta["Closing CDATA"] == "]]>"


def test_malformed_file_is_one_error_with_its_line(shared_data: Path) -> None:
    with pytest.raises(MalformedWXR) as caught:
        ExportReader(shared_data / "wordpress" / "malformed.xml").survey()
    assert caught.value.line == 90
    assert "Nothing was imported" in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_everything_of_an_item(tmp_path: Path) -> None:
    comments = "".join(
        f"<wp:comment><wp:comment_approved>{state}</wp:comment_approved>"
        f"<wp:comment_type>{kind}</wp:comment_type></wp:comment>"
        for state, kind in [("1", ""), ("1", "comment"), ("0", ""), ("spam", ""), ("1", "pingback")]
    )
    more = (
        term("category", "news", "News")
        + term("post_tag", "eu", "EU")
        + meta("_thumbnail_id", "9")
        + comments
    )
    path = write(
        tmp_path, item(7, content="<p>Hi</p>", more=more, is_sticky="1", post_password="x")
    )
    (found,) = ExportReader(path).items()
    assert (found.wp_id, found.slug, found.status, found.is_sticky) == (
        7,
        "post-7",
        "publish",
        True,
    )
    assert found.published == datetime(2010, 3, 4, 4, 6, 7, tzinfo=UTC)
    assert [(ref.taxonomy, ref.slug, ref.name) for ref in found.terms] == [
        ("category", "news", "News"),
        ("post_tag", "eu", "EU"),
    ]
    assert found.meta == {"_thumbnail_id": "9"}
    assert found.comments == {"approved": 2, "pending": 1, "spam": 1, "ping": 1}
    assert found.line == HEAD.count("\n") + 1
    assert found.password == "x"


def test_cdata_and_bare_text_may_mix(tmp_path: Path) -> None:
    path = write(tmp_path, item(1).replace("<![CDATA[Post 1]]>", "A &amp; <![CDATA[B & ]]>C"))
    assert next(ExportReader(path).items()).title == "A & B & C"


def test_https_namespaces_and_any_version(tmp_path: Path) -> None:
    path = write(tmp_path, item(1))
    path.write_text(
        path.read_text()
        .replace("http://wordpress.org", "https://wordpress.org")
        .replace("1.2", "1.9")
    )
    assert ExportReader(path).survey().item_count == 1


def test_an_export_without_items_is_an_export(tmp_path: Path) -> None:
    survey = ExportReader(write(tmp_path)).survey()
    assert (survey.item_count, survey.site.title) == (0, "Old")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        ("<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
        ('<rss version="2.0"><channel><title>x</title></channel></rss>', "RSS feed"),
        ('<feed xmlns="http://www.w3.org/2005/Atom"/>', "Atom feed"),
        ("id,title\n1,2\n", "not a WordPress export"),
        ("PK\x03\x04zip", "unpack it first"),
        (BOMB, "document type"),
        (SPY, "document type"),
        ('<rss xmlns:wp="http://wordpress.org/export/1.2/"><notachannel/></rss>', "no <channel>"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "file.xml"
    path.write_text(content)
    with pytest.raises(NotWXR, match=words):
        ExportReader(path).survey()


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotWXR, match="cannot be read"):
        ExportReader(tmp_path / "none.xml").survey()


def test_a_file_cut_off_is_refused_with_the_line(tmp_path: Path) -> None:
    path = write(tmp_path, item(1), item(2))
    path.write_text(path.read_text()[:-200])
    with pytest.raises(MalformedWXR, match="cut off") as caught:
        ExportReader(path).survey()
    assert caught.value.line


@pytest.mark.parametrize(
    ("broken", "title", "mended"),
    [
        ("a\x0bb", "ab", "control characters removed"),
        ("a]]>&#11;<![CDATA[b", "ab", "control characters removed"),
        ("a]]>&nbsp;<![CDATA[b", "a\xa0b", "HTML entities resolved"),
        ("a]]> R&D <![CDATA[b", "a R&D b", "bare ampersands escaped"),
    ],
)
def test_what_plugins_break_is_mended(tmp_path: Path, broken: str, title: str, mended: str) -> None:
    reader = ExportReader(write(tmp_path, item(1, title=broken)))
    assert next(reader.items()).title == title
    assert reader.survey().mended == {mended: 1}


def test_bytes_of_another_encoding_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, item(1, title="caf%"))
    path.write_bytes(path.read_bytes().replace(b"caf%", b"caf\xe9 \x93quoted\x94 \xc3\xa9"))
    reader = ExportReader(path)
    assert next(reader.items()).title == "café “quoted” é"
    assert reader.survey().mended == {"stray bytes read as Windows-1252": 3}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "windows-1251"])
def test_other_declared_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, item(1, title="Привет"))
    path.write_bytes(
        path.read_text().replace("UTF-8", encoding.removesuffix("-sig")).encode(encoding)
    )
    assert next(ExportReader(path).items()).title == "Привет"


def test_blank_lines_before_the_declaration_keep_line_numbers_right(tmp_path: Path) -> None:
    path = write(tmp_path, item(1))
    path.write_text("\n\n" + path.read_text())
    assert next(ExportReader(path).items()).line == HEAD.count("\n") + 3


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    import tracemalloc

    def peak(count: int) -> int:
        path = write(
            tmp_path,
            *(item(number, content="<p>words</p>" * 500) for number in range(1, count + 1)),
        )
        tracemalloc.start()
        assert ExportReader(path).survey().item_count == count
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    assert peak(1200) < peak(300) * 1.5


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300), st.integers(1, 40))
def test_a_mended_stream_is_always_well_formed(text: str, chunk: int) -> None:
    head = HEAD + "<item><title>"
    safe = text.replace("<", "").replace("\r", "")
    stream = MendingStream(io.BytesIO((head + safe + "</title></item>" + FOOT).encode()))
    mended = b"".join(iter(lambda: stream.read(chunk), b""))
    assert etree.fromstring(mended) is not None


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=300)
)
def test_cdata_passes_through_a_mending_stream_unchanged(text: str) -> None:
    told = text.replace("]]>", "").replace("\ufffe", "").replace("\uffff", "").replace("<!", "")
    stream = MendingStream(
        io.BytesIO((HEAD + f"<item><title><![CDATA[{told}]]></title></item>{FOOT}").encode())
    )
    root = etree.fromstring(b"".join(iter(stream.read, b"")))
    assert (root.findtext(".//item/title") or "") == told


def test_dates() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    expected = datetime(2010, 3, 4, 4, 6, 7, tzinfo=UTC)
    zero = "0000-00-00 00:00:00"
    assert resolve_date(gmt="2010-03-04 04:06:07", local=zero, zone=berlin) == expected
    assert resolve_date(gmt=zero, local="2010-03-04 05:06:07", zone=berlin) == expected
    assert (
        resolve_date(gmt="", local="", zone=UTC, pub_date="Thu, 04 Mar 2010 05:06:07 +0100")
        == expected
    )
    assert (
        resolve_date(gmt=zero, local=zero, zone=UTC, pub_date="Wed, 30 Nov -0001 00:00:00 +0000")
        is None
    )
    assert resolve_date(gmt="0001-01-01 00:00:00", local="nonsense", zone=berlin) is None


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=40))
def test_no_date_text_breaks_anything(gmt: str, local: str, pub_date: str) -> None:
    at = resolve_date(gmt=gmt, local=local, zone=UTC, pub_date=pub_date)
    assert at is None or at.tzinfo is UTC
