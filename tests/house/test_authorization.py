"""Each person is answered what the table says, and no address is missing from it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.test import Client
from django.urls import URLResolver, get_resolver

from tests.factories.members import make_member
from tests.house.authorization import MATRIX, Answers

if TYPE_CHECKING:
    from collections.abc import Iterator

PEOPLE = {
    "member": "ben",
    "contributor": "carl",
    "writer": "wanda",
    "editor": "ada",
    "owner": "olga",
    "moderator": "mo",
}


def _our_addresses(resolver: Any, prefix: str = "", spaces: tuple[str, ...] = ()) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _our_addresses(pattern, route, inner)
        elif pattern.callback.__module__.startswith("copydesk."):
            yield ":".join([*spaces, pattern.name]) if pattern.name else route


def test_every_address_is_in_the_table() -> None:
    addresses = set(_our_addresses(get_resolver()))
    rows = {key.partition(" ")[0] for key in MATRIX}
    assert sorted(addresses - rows) == [], "add a row to tests/house/authorization.py"
    assert sorted(rows - addresses) == [], "these are gone"


def test_each_person_is_answered_what_the_table_says(story: dict[str, Any]) -> None:
    clients = {"anonymous": Client()}
    for person, name in PEOPLE.items():
        clients[person] = Client()
        clients[person].force_login(
            make_member(name), backend="django.contrib.auth.backends.ModelBackend"
        )
    wrong = {}
    for key, row in MATRIX.items():
        path = row.path.format_map(story)
        answers = {person: _status(client, path) for person, client in clients.items()}
        if Answers(**answers) != row.answers:
            wrong[key] = {
                person: got for person, got in answers.items() if got != asdict(row.answers)[person]
            }
    assert not wrong, "person: the status they got"


def _status(client: Client, path: str) -> int:
    response = client.get(path)
    if response.streaming:
        response.getvalue()  # A file is closed when it is read to its end.
    return int(response.status_code)
