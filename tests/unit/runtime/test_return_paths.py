"""The address that a mail comes back to names the message, fits into an envelope, and can be made by nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.returns import FORMS, bounce, complaint
from fakes.story import at
from omtanke.runtime.return_paths import came_back, return_path_of
from omtanke.settings import RETURN_PATH
from omtanke.storage.keys import Keys
from omtanke.vocabulary.time import DAY

NOW = at("2026-11-16 09:00")
LONGEST = "a" * 23 + "@butiken.example"
MESSAGE = 2**63 - 1


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys(b"k" * 32, "SE")


def test_address_is_as_long_as_a_local_part_may_be(keys: Keys) -> None:
    path = return_path_of(keys, LONGEST, 2**40 - 1, MESSAGE, NOW)
    assert RETURN_PATH.fullmatch(LONGEST) and len(path.rpartition("@")[0]) == 64


@pytest.mark.parametrize("form", FORMS)
def test_it_is_found_in_what_comes_back(keys: Keys, form: str) -> None:
    path = return_path_of(keys, "returns@butiken.example", 7, MESSAGE, NOW)
    for raw in (bounce(form, path), bounce(form, path.upper()), complaint(path), path.replace("+", "+2B").encode()):
        found = came_back(keys, raw, NOW + 5 * DAY)
        assert found is not None and (found.customer, found.about) == (7, MESSAGE)


def test_one_that_is_altered_of_another_shop_or_too_old_is_nobodys(keys: Keys) -> None:
    path = return_path_of(keys, "returns@butiken.example", 7, MESSAGE, NOW)
    token = path.partition("+")[2].partition("@")[0]
    altered = path.replace(token, token[:12] + ("a" if token[12] != "a" else "b") + token[13:])
    assert came_back(keys, altered.encode(), NOW) is None
    assert came_back(Keys(b"x" * 32, "SE"), path.encode(), NOW) is None
    assert came_back(keys, path.encode(), NOW + 91 * DAY) is None
    assert came_back(keys, b"returns@butiken.example", NOW) is None


def test_the_first_that_is_ours_counts(keys: Keys) -> None:
    ours = return_path_of(keys, "returns@butiken.example", 7, 11, NOW)
    other = return_path_of(Keys(b"x" * 32, "SE"), "returns@other.example", 8, 12, NOW)
    found = came_back(keys, f"To: <{other}>, <{ours}>".encode(), NOW)
    assert found is not None and (found.customer, found.about) == (7, 11)


@given(st.binary(max_size=500))
def test_no_bytes_name_anybody(raw: bytes) -> None:
    assert came_back(Keys(b"k" * 32, "SE"), raw, NOW) is None
