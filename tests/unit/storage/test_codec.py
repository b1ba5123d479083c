"""Personal parts as bytes, whole or mostly bytes already."""

from __future__ import annotations

import pytest

from omtanke.storage.codec import Part, decode_personal, encode, encode_personal

SAID = {"properties": {"name": "Tält", "consent": True}, "context": {"device": {"type": "mobile"}}}
MORE = {"numbers": [("order", 7, "A-1001")], "identifiers": [("user_id", "kund-1")]}


@pytest.mark.parametrize("said", [SAID, {}])
@pytest.mark.parametrize("more", [MORE, {}])
def test_part_that_is_bytes_already_is_stored_as_if_it_were_not(said: dict[str, object], more: dict[str, object]) -> None:
    part = Part(encode(said), more)
    assert encode_personal(part) == encode_personal(said | more)
    assert decode_personal(part.encoded()).keys() == part.keys() == (said | more).keys()
    assert (dict(part), len(part)) == (said | more, len(said | more))


def test_part_is_looked_into_only_where_it_may_name_something() -> None:
    assert Part(encode(SAID), {}).may_name(b"consent")
    assert not Part(encode({"context": {}}), MORE).may_name(b"consent")
