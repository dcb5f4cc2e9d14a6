"""Signatures are checked in plain arithmetic as the library checks them."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.record.logic.ed25519 import ORDER, is_signed

# RFC 8032, section 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_vectors_of_the_standard_are_signed(key: str, message: str, signature: str) -> None:
    parts = bytes.fromhex(message), bytes.fromhex(signature), bytes.fromhex(key)
    assert is_signed(*parts)
    assert not is_signed(parts[0] + b"x", *parts[1:])


@settings(max_examples=15, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=99), st.integers(0, 96 * 8 - 1))
def test_what_the_library_signs_is_signed_and_one_bit_more_is_not(
    seed: bytes, message: bytes, bit: int
) -> None:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert is_signed(message, signature, public)
    flipped = bytearray(signature + public)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not is_signed(message, bytes(flipped[:64]), bytes(flipped[64:]))


@pytest.mark.parametrize(
    ("signature", "key"),
    [
        (b"", b""),
        (b"\0" * 63, b"\0" * 32),
        (b"\xff" * 64, b"\xff" * 32),
        (b"\x01" + b"\0" * 31 + ORDER.to_bytes(32, "little"), b"\x01" + b"\0" * 31),
        (b"\0" * 64, b"\x02" + b"\0" * 31),
    ],
)
def test_what_can_be_no_signature_is_none(signature: bytes, key: bytes) -> None:
    assert not is_signed(b"", signature, key)
