from __future__ import annotations

import pytest

from copydesk.pagestore.logic.tags import (
    BadTag,
    checked,
    depends_on,
    depends_on_each,
    gathering,
    tag,
)


def test_what_is_said_while_a_page_is_made_is_gathered() -> None:
    with gathering() as gathered:
        depends_on(tag("article", 12), "latest")
        depends_on_each("topic", [1, 2])
    depends_on("said too late")
    assert gathered.tags == {"layout", "article:12", "latest", "topic:1", "topic:2"}


def test_a_page_within_a_page_gathers_for_itself() -> None:
    with gathering() as outer:
        with gathering() as inner:
            depends_on("inner")
        depends_on("outer")
    assert (outer.tags, inner.tags) == ({"layout", "outer"}, {"layout", "inner"})


@pytest.mark.parametrize(
    "bad", ["", "two words", "Upper:1", "a:\r\nSet-Cookie", "a:" + "x" * 50, "a:b:c", "é"]
)
def test_a_tag_that_could_not_travel_in_a_header_is_refused(bad: str) -> None:
    with pytest.raises(BadTag):
        checked([bad])
    assert checked(["list-topic:3", "front", "list-topic:3"]) == ["front", "list-topic:3"]
