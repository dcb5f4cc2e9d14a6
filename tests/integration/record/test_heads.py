"""The head of the record is signed, and what it says can be proved to anybody."""

from __future__ import annotations

import base64
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection
from django.test.utils import CaptureQueriesContext

from copydesk.record.backends import signing
from copydesk.record.logic import merkle
from copydesk.record.models import Entry
from tests.factories.record import append, record

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client
    from pytest_django import Settings

SEED = base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(autouse=True)
def _own_key(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def ask(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(address)
    assert response.status_code == status, response.content
    return json.loads(response.content)


# --- The key


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    signers: list[bytes] = []
    start = threading.Barrier(8)

    def load() -> None:
        start.wait()
        signers.append(signing.load_signer().public_key)

    threads = [threading.Thread(target=load) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(signers) == 8
    assert len(set(signers)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["record.key"]
    assert (tmp_path / "record.key").stat().st_mode & 0o777 == 0o600


def test_the_settings_may_hold_the_key(settings: Settings, tmp_path: Path) -> None:
    settings.COPYDESK_RECORD_KEY = SEED
    known = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
    assert signing.load_signer().public_key.hex() == known
    assert not list(tmp_path.iterdir())


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"c2hvcnQ=", b"not base64 at all!"])
def test_a_key_that_is_none_is_told_and_not_replaced(
    client: Client, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "record.key").write_bytes(content)
    with pytest.raises(signing.KeyUnusable, match=r"record\.key"):
        signing.load_signer()
    assert "signed" in ask(client, "/record/head.json", 503)["error"]
    assert client.get("/record/").status_code == 200
    assert (tmp_path / "record.key").read_bytes() == content


# --- The head


@pytest.mark.django_db
@pytest.mark.parametrize("size", [0, 1, 7])
def test_the_head_is_signed_as_a_checkpoint(client: Client, size: int) -> None:
    record(size)
    head = ask(client, "/record/head.json")
    leaves = [bytes.fromhex(entry.hash) for entry in Entry.objects.order_by("index")]
    assert (head["size"], head["root"]) == (size, merkle.root_of(leaves).hex())
    body, _blank, signed = client.get("/record/checkpoint").content.decode().partition("\n\n")
    root = base64.b64encode(bytes.fromhex(head["root"])).decode()
    assert body == f"localhost:8000/record\n{size}\n{root}"
    dash, name, signature = signed.split(" ")
    decoded = base64.b64decode(signature)
    assert (dash, name, decoded[:4].hex()) == ("—", "localhost:8000/record", head["key_id"])
    assert base64.b64encode(decoded[4:]).decode() == head["signature"]
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(head["public_key"]))
    key.verify(decoded[4:], f"{body}\n".encode())


@pytest.mark.django_db
def test_the_same_record_has_the_same_head_and_is_sent_once(client: Client) -> None:
    record(3)
    first = client.get("/record/head.json")
    again = client.get("/record/head.json", headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/record/head.json").content == first.content
    append(4)
    later = client.get("/record/head.json", headers={"if-none-match": first["ETag"]})
    assert later.status_code == 200
    assert later.content != first.content


# --- Proofs


@pytest.mark.django_db
def test_every_entry_can_be_proved_to_be_in_every_tree(client: Client) -> None:
    record(9)
    for size in range(1, 10):
        for index in range(size):
            found = ask(client, f"/record/proof/inclusion.json?index={index}&size={size}")
            leaf, root, *proof = (
                bytes.fromhex(part) for part in (found["leaf"], found["root"], *found["proof"])
            )
            assert leaf.hex() == Entry.objects.get(pk=index).hash
            assert merkle.proves_inclusion(leaf, index, size, proof, root)
    whole = ask(client, "/record/proof/inclusion.json?index=0")
    assert whole["root"] == ask(client, "/record/head.json")["root"]


@pytest.mark.django_db
def test_every_tree_can_be_proved_to_continue_each_before_it(client: Client) -> None:
    record(9)
    for second in range(1, 10):
        for first in range(1, second + 1):
            found = ask(client, f"/record/proof/consistency.json?first={first}&second={second}")
            old, new, *proof = (
                bytes.fromhex(part)
                for part in (found["first_root"], found["second_root"], *found["proof"])
            )
            assert merkle.proves_consistency(first, old, second, new, proof)


@pytest.mark.django_db
def test_a_proof_costs_four_queries_however_many_hashes_it_has(client: Client) -> None:
    record(130)
    for address in ("inclusion.json?index=77", "consistency.json?first=63&second=129"):
        with CaptureQueriesContext(connection) as asked:
            ask(client, f"/record/proof/{address}")
        assert len(asked) == 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "proof/inclusion.json",
        "proof/inclusion.json?index=3",
        "proof/inclusion.json?index=-1",
        "proof/inclusion.json?index=1&size=1",
        "proof/inclusion.json?index=0&size=4",
        "proof/inclusion.json?index=0&size=0",
        "proof/inclusion.json?index=%D9%A1",
        "proof/inclusion.json?index=9999999999999999999999999",
        "proof/consistency.json",
        "proof/consistency.json?first=0",
        "proof/consistency.json?first=3&second=2",
        "proof/consistency.json?first=1&second=4",
        "entries.jsonl?from=x",
        "entries.jsonl?count=0",
        "entries.jsonl?from=1e3",
        "entries.jsonl?count=99999999999999999999",
    ],
)
def test_what_cannot_be_answered_is_refused_with_a_reason(client: Client, address: str) -> None:
    record(3)
    refusal = ask(client, f"/record/{address}", 400)
    assert list(refusal) == ["error"]
    assert refusal["error"].endswith(".")


@pytest.mark.django_db
def test_an_empty_record_proves_nothing(client: Client) -> None:
    for address in ("inclusion.json?index=0", "consistency.json?first=1"):
        assert ask(client, f"/record/proof/{address}", 400)["error"] == "The record is empty."
