"""Every address of the authorization table, before the page store: whoever came first, each gets what is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.factories.pages import session_cookie
from tests.house.authorization import MATRIX

if TYPE_CHECKING:
    from copydesk.members.models import Member
    from tests.factories.pages import Node

pytestmark = pytest.mark.django_db


def test_no_answer_for_one_is_given_to_another(
    node: Node, other_node: Node, story: dict[str, Any], olga: Member, ada: Member, ben: Member
) -> None:
    people = [session_cookie(member) for member in (olga, ada, ben)]
    stored = []
    for key, row in MATRIX.items():
        path = row.path.format_map(story)
        for cookie in (*people, *people):
            node.get(path, HTTP_COOKIE=cookie)
        answer = node.get(path)
        assert answer.status == row.answers.anonymous, key
        if node.is_stored(path):
            stored.append(key)
            assert answer.body == other_node.get(path).body, key
            for cookie in people:
                assert node.get(path, HTTP_COOKIE=cookie).body == answer.body, key
        else:
            assert (
                "olga" not in answer.text if "text" in answer.headers["Content-Type"] else True
            ), key
    assert len(stored) >= 12, "the pages of readers are stored"
