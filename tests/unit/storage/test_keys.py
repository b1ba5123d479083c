"""Keyed hashes: one way of writing, one hash; another store, another hash."""

from __future__ import annotations

import hmac
import stat
from pathlib import Path

import pytest

from omtanke.storage.keys import Keys, open_secret

KEYS = Keys(b"k" * 32)


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("email", " Maja@Example.com", "maja@example.com"),
        ("phone", "070-174 06 05", "+46701740605"),
        ("user_id", "u1 ", "u1"),
    ],
)
def test_ways_of_writing_are_one(kind: str, one: str, other: str) -> None:
    assert KEYS.identifier_key(kind, one) == KEYS.identifier_key(kind, other)


def test_kinds_values_and_stores_are_told_apart() -> None:
    hashes = {
        KEYS.identifier_key("user_id", "1"),
        KEYS.identifier_key("email", "1"),
        KEYS.subject_key("order", "1"),
        Keys(b"x" * 32).identifier_key("user_id", "1"),
    }
    assert len(hashes) == 4


def test_number_that_is_no_telephone_stays_as_written() -> None:
    assert KEYS.identifier_key("phone", "ring mig") != KEYS.identifier_key("phone", "ring inte")


def test_hash_is_hmac_sha256_cut_to_half() -> None:
    told = "subject\x1forder\x1fA-17"
    assert KEYS.subject_key("order", " A-17 ") == hmac.digest(b"k" * 32, told.encode(), "sha256")[:16]


def test_secret_is_made_once_and_only_the_owner_reads_it(tmp_path: Path) -> None:
    first = open_secret(tmp_path / "keys")
    assert (open_secret(tmp_path / "keys"), len(first), stat.S_IMODE((tmp_path / "keys" / "store.key").stat().st_mode)) == (first, 32, 0o600)


def test_secret_of_the_wrong_length_is_said(tmp_path: Path) -> None:
    (tmp_path / "store.key").write_bytes(b"short")
    with pytest.raises(ValueError, match="has 5 bytes instead of 32; restore it from a back-up"):
        open_secret(tmp_path)
