"""The worked example of docs/reference/record.md is right: computed anew, from what the page says alone."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from copydesk.record.logic.inspecting import Code
from copydesk.record.logic.lines import HEADER_TYPES, Why
from copydesk.record.logic.verifying import Verification
from copydesk.record.models import EntryKind
from tests.house.source import ROOT

PAGE = (ROOT / "docs/reference/record.md").read_text(encoding="utf-8")
LINES = PAGE.partition("```jsonl\n")[2].partition("```")[0].splitlines(keepends=True)
NOTE = PAGE.partition("```text\n")[2].partition("```")[0]


def written(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def hashed(*parts: bytes) -> bytes:
    return sha256(b"".join(parts)).digest()


def test_the_hashes_of_the_example_are_right() -> None:
    *entries, last = map(json.loads, LINES)
    leaves, previous = [], "0" * 64
    for number, line in enumerate(entries):
        header = line["entry"]
        leaves.append(hashed(b"\0", written(header)))
        assert (header["index"], header["previous"]) == (number, previous)
        assert line["hash"] == leaves[-1].hex()
        if line["content"] is not None:
            assert header["payload"] == sha256(written(line["content"])).hexdigest()
        previous = line["hash"]
    node = hashed(b"\1", leaves[0], leaves[1])
    root = hashed(b"\1", node, leaves[2])
    assert f"the node `{node.hex()}`" in PAGE
    assert (last["head"]["root"], last["head"]["size"]) == (root.hex(), 3)


def test_the_signature_of_the_example_is_right() -> None:
    head = json.loads(LINES[-1])["head"]
    key, signature = (base64.b64decode(head[name]) for name in ("public_key", "signature"))
    root = base64.b64encode(bytes.fromhex(head["root"])).decode()
    signed = f"{head['origin']}\n{head['size']}\n{root}\n"
    Ed25519PublicKey.from_public_bytes(key).verify(signature, signed.encode())
    assert hashed(head["origin"].encode(), b"\n\1", key)[:4].hex() == head["key_id"]
    text, _blank, line = NOTE.partition("\n\n")
    assert f"{text}\n" == signed
    assert base64.b64decode(line.split()[2]) == bytes.fromhex(head["key_id"]) + signature
    shown = base64.b64encode(b"\1" + key).decode()
    assert f"`{head['origin']}+{head['key_id']}+{shown}`" in PAGE


def test_the_verifier_finds_the_example_sound_and_each_line_as_it_should_be() -> None:
    verification = Verification()
    for line in LINES:
        verification.take(line.encode())
    report = verification.finish()
    assert (report.is_sound, report.size, report.withheld_count) == (True, 3, 1)


def test_every_word_of_the_form_is_on_the_page() -> None:
    for word in (*HEADER_TYPES, *EntryKind.values, *Code, *Why):
        assert f"`{word}`" in PAGE, word
