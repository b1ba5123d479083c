"""The table of senders names what the tests run, and the tests run what it names."""

from __future__ import annotations

import json
import re

from docs.documents import ROOT, blocks, rows, text_of
from omtanke.intake.hooks import carriers, till
from omtanke.intake.hooks.telling import Delivery
from omtanke.intake.importers.mapping import parse_map
from omtanke.runtime.hooks import KINDS

PAGE = "docs/how-to/connect-clients.md"
HOOKS_PAGE = "docs/how-to/webhooks-in.md"
CARRIERS = {"Bring": carriers.BRING, "Budbee": carriers.BUDBEE, "Instabox": carriers.INSTABOX, "DHL": carriers.DHL, "PostNord": carriers.POSTNORD}
PROGRAMS = ROOT / "tests" / "senders" / "clients"


def test_table_names_every_client_that_is_run_and_no_other() -> None:
    named = set(re.findall(r"`(\w+\.(?:py|mjs|cjs|js))`", text_of(PAGE)))
    assert named == {program.name for program in PROGRAMS.iterdir() if program.suffix in (".py", ".mjs", ".cjs", ".js")}


def test_table_names_the_versions_that_are_run() -> None:
    node = json.loads(text_of("tests/senders/package.json"))["dependencies"]
    python = dict(re.findall(r"^((?:segment|rudder|cloudevents)[\w-]*)==([\d.]+)", text_of("requirements/dev.txt"), re.MULTILINE))
    said = dict(re.findall(r"\(`([@\w/-]+)` ([\d.]+)\)", text_of(PAGE)))
    assert said == {name: version.rpartition(".")[0] for name, version in {**node, **python}.items()}


def test_lock_file_has_hashes_and_no_addresses() -> None:
    packages = json.loads(text_of("tests/senders/package-lock.json"))["packages"]
    assert [name for name, one in packages.items() if name and not one.get("integrity", "").startswith("sha512-")] == []
    assert [name for name, one in packages.items() if "resolved" in one] == []


def test_page_names_every_kind_of_hook_and_no_other() -> None:
    kinds = [found[1] for row in rows(text_of(HOOKS_PAGE)) if (found := re.fullmatch(r"`(\w+)`", row[0])) and len(row) == 4]
    assert sorted(kinds) == sorted(KINDS)


def test_page_names_every_topic_of_shopify_that_is_told() -> None:
    named = {topic for row in rows(text_of(HOOKS_PAGE)) for topic in re.findall(r"`(\w+/\w+)`", row[0])}
    assert named == set(re.findall(r'"(\w+/(?:create|update|paid|cancelled))"', text_of("src/omtanke/intake/hooks/shopify.py")))


def test_words_of_carriers_on_the_page_are_those_that_are_read() -> None:
    named = {row[0]: set(re.findall(r"`(\w+)`", " ".join(row[1:]))) for row in rows(text_of(HOOKS_PAGE)) if row[0] in CARRIERS}
    assert named == {name: set(words) for name, words in CARRIERS.items()}


def test_receipt_and_map_of_the_page_are_understood() -> None:
    receipt, mapped = json.loads(blocks("json", text_of(HOOKS_PAGE))[0]), blocks("toml", text_of(HOOKS_PAGE))[0]
    assert [message["event"] for message in till.tell(Delivery({}, receipt))] == ["Receipt Issued"]
    assert [event.name for event in parse_map(mapped, "map").events] == ["Order Shipped"]
