"""Links lead somewhere, decisions are whole, and nothing is only true on one machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.documents import DOCS, FENCE, ROOT, anchors, documents, text_of
from omtanke import __version__

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
OUTSIDE = ("http://", "https://", "mailto:")
ONE_MACHINE = re.compile(r"(?<![\w.~])/(?:work|root|home|tmp)/\w")
DECISIONS = sorted((DOCS / "decisions").glob("0*.md"))


def dead_links(page: Path) -> list[str]:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return [link for link in LINK.findall(text) if not link.startswith(OUTSIDE) and not leads_somewhere(page, link)]


def leads_somewhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return False
    return not anchor or anchor in anchors(target.read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", documents(), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_of_page_lead_somewhere(page: Path) -> None:
    assert dead_links(page) == []


@pytest.mark.parametrize("page", documents(), ids=lambda page: str(page.relative_to(ROOT)))
def test_page_names_no_path_of_one_machine(page: Path) -> None:
    assert ONE_MACHINE.findall(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.name)
def test_decision_is_whole_and_listed(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [word for word in ("**Context.**", "**Decision.**", "**Consequence.**", "**Enforced by**") if word not in text] == []
    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert f"({page.name})" in text_of("docs/decisions/index.md")


def test_every_dependency_has_its_line() -> None:
    said = text_of("docs/decisions/0010-dependencies.md")
    listed = [re.match(r"\w[\w-]*", line) for name in ("runtime", "spark", "dev", "build") for line in text_of(f"requirements/{name}.in").splitlines()]
    assert [found[0] for found in listed if found and not re.search(rf"[ |]{re.escape(found[0])}[ ,|]", said)] == []


def test_changelog_has_this_version() -> None:
    assert f"## [{__version__}]" in text_of("CHANGELOG.md")


def test_readme_names_the_two_commands() -> None:
    said = text_of("README.md")
    assert "make demo" in said
    assert "make test" in said


def test_every_page_is_reached_from_the_first() -> None:
    found, waiting = set(), [DOCS / "index.md"]
    while waiting:
        page = waiting.pop()
        if page in found or page.suffix != ".md":
            continue
        found.add(page)
        links = (link.partition("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8")) if not link.startswith(OUTSIDE))
        waiting += [(page.parent / link).resolve() for link in links if link]
    assert sorted(str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md") if page not in found) == []
