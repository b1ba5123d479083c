"""Keys to the door: made, revoked, written by hand, and never left half."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from omtanke.runtime.door_keys import KeyRing, digest, make_read_key, make_write_key, open_write_keys, read_read_keys, revoke
from omtanke.vocabulary.refusal import CannotDo, Refused

SECOND = 1_000_000


class Clock:
    """Stands until it is moved."""

    now = 0

    def __call__(self) -> int:
        return self.now


def test_first_key_is_made_once_and_only_the_owner_may_read_it(tmp_path: Path) -> None:
    (key,) = open_write_keys(tmp_path)
    assert (key.sender, open_write_keys(tmp_path)) == ("shop", (key,))
    assert stat.S_IMODE((tmp_path / "write_keys.toml").stat().st_mode) == 0o600


def test_lines_written_by_hand_stay_when_a_key_is_made(tmp_path: Path) -> None:
    (tmp_path / "write_keys.toml").write_text('shop = "by-hand"\n"kassa 1" = "till"\n', encoding="utf-8")
    made = make_write_key(tmp_path, "shop")
    assert [(key.sender, key.key) for key in open_write_keys(tmp_path)] == [("shop", "by-hand"), ("kassa 1", "till"), ("shop", made.key)]


def test_further_key_of_a_sender_is_read_like_the_first(tmp_path: Path) -> None:
    make_write_key(tmp_path, "oslo", zone="Europe/Oslo", currency="NOK")
    again = make_write_key(tmp_path, "oslo", zone="Asia/Tokyo")
    assert (again.zone, again.currency) == ("Europe/Oslo", "NOK")


@pytest.mark.parametrize("sender", ["console", "answers", "", "a/b", "x" * 61, '"'])
def test_name_that_no_sender_can_have_is_refused(tmp_path: Path, sender: str) -> None:
    with pytest.raises(Refused):
        make_write_key(tmp_path, sender)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("shop = ", "is not TOML"),
        ('console = "stolen"', "nothing that comes from outside may speak in its name"),
        ('[[key]]\nsender = "shop"', "missing required field `key`"),
        ('[[key]]\nsender = "shop"\nkey = "k"\nzone = "Mars"', "is not a time zone"),
        ('[[key]]\nsender = "shop"\nkey = "k"\nmode = "future"', "is not one of live, history"),
    ],
)
def test_file_that_breaks_a_rule_says_which(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "write_keys.toml").write_text(written, encoding="utf-8")
    with pytest.raises(CannotDo, match=said):
        open_write_keys(tmp_path)


def test_last_write_key_stays(tmp_path: Path) -> None:
    (key,) = open_write_keys(tmp_path)
    with pytest.raises(CannotDo, match="Make another one first"):
        revoke(tmp_path, key.id)
    other = make_write_key(tmp_path, "till")
    assert (revoke(tmp_path, key.id), open_write_keys(tmp_path)) == (key, (other,))


def test_read_key_is_kept_as_a_digest_only(tmp_path: Path) -> None:
    made, key = make_read_key(tmp_path, "kundtjänst", "shop")
    assert read_read_keys(tmp_path) == (made,)
    assert (made.digest, key in (tmp_path / "read_keys.toml").read_text(encoding="utf-8")) == (digest(key), False)


def test_ring_sees_what_has_changed_and_minds_no_fault(tmp_path: Path) -> None:
    clock = Clock()
    ring = KeyRing(tmp_path, clock)
    made, (read, secret) = make_write_key(tmp_path, "till"), make_read_key(tmp_path, "reader")
    assert (ring.writing(made.key), ring.reading(secret)) == (None, None)
    clock.now = SECOND
    assert (ring.writing(made.key), ring.reading(secret)) == (made, read)
    (tmp_path / "write_keys.toml").write_text("half a fi", encoding="utf-8")
    clock.now = 2 * SECOND
    assert ring.writing(made.key) == made
