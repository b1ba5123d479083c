"""What the pages on webhooks and letters show is so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from docs.documents import blocks, rows, text_of
from omtanke.channels.webhook.payload import SHAPE_VERSION, fields_of_body, webhook_type
from omtanke.reference.webhooks import fields_of_type, told
from omtanke.settings import read_settings
from omtanke.vocabulary.fact import Body
from omtanke.vocabulary.promise import PromiseBroken


@pytest.mark.parametrize("path", ["docs/how-to/receive-webhooks.md", "docs/how-to/letters-and-alerts.md"])
def test_settings_of_page_can_be_read(path: str, tmp_path: Path) -> None:
    for part in blocks("toml", text_of(path)):
        (tmp_path / "omtanke.toml").write_text(part, encoding="utf-8")
        assert read_settings(tmp_path / "omtanke.toml") != read_settings(tmp_path / "none.toml")


def test_example_of_a_webhook_has_only_documented_fields() -> None:
    (part,) = blocks("json", text_of("docs/how-to/receive-webhooks.md"))
    example = json.loads(part)
    documented = {name.strip(" `") for row in rows(text_of("docs/reference/webhooks.md")) for name in row[0].split(",")}
    said = {name for name in example["data"] if name != "customer"} | {f"customer.{name}" for name in example["data"]["customer"]}
    assert (example["type"], example["data"]["version"]) == (webhook_type(PromiseBroken.type), SHAPE_VERSION)
    assert sorted(said - documented) == []


@pytest.mark.parametrize("body", told(), ids=lambda body: body.type)
def test_every_field_that_is_sent_is_documented(body: type[Body]) -> None:
    """Every field filled: numbers are 1, and each is known as written."""
    filled = body(**{name: filler(body, name) for name in body.__struct_fields__})
    sent = fields_of_body(filled, Every())
    assert sorted(set(sent) - {name.strip("`") for name, _form, _meaning in fields_of_type(body)}) == []


class Every(dict[tuple[str, int], str]):
    """Every number is known."""

    def get(self, key: tuple[str, int], default: object = None) -> str:  # type: ignore[override]
        return "10482"


def filler(body: type[Body], name: str) -> object:
    kind = body.__annotations__.get(name, "") if name in body.__annotations__ else ""
    return "SEK" if name == "currency" else "x" if "str" in kind else False if "bool" in kind else () if "tuple" in kind else 1
