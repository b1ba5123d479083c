"""All reference pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from omtanke.reference.commands import commands_page
from omtanke.reference.facts import facts_page
from omtanke.reference.folder import folder_page, settings_page
from omtanke.reference.markdown import page
from omtanke.reference.messages import messages_page
from omtanke.reference.openapi import openapi_page
from omtanke.reference.plays import plays_page
from omtanke.reference.promises import policy_page, promises_page, reasons_page
from omtanke.reference.questions import questions_page
from omtanke.reference.webhooks import webhooks_page

PAGES: dict[str, tuple[str, Callable[[], str]]] = {
    "facts.md": ("Facts: every type, with fields, units and personal part", facts_page),
    "promises.md": ("Promises: kinds, subjects, states, and what ends them", promises_page),
    "reasons.md": ("Reasons: why something was decided", reasons_page),
    "policy.md": ("Policy: what a shop decides", policy_page),
    "plays.md": ("Plays: what happens when something happens, and what conditions may read", plays_page),
    "questions.md": ("Questions: what `omtanke ask` answers", questions_page),
    "commands.md": ("Commands, with examples", commands_page),
    "settings.md": ("Settings of a shop", settings_page),
    "openapi.json": ("The door and the promise API: OpenAPI 3.1", openapi_page),
    "webhooks.md": ("Webhooks: what each type says", webhooks_page),
    "messages.md": ("Messages: what they are made of, what they may say, what is checked", messages_page),
    "data-folder.md": ("The data folder, file by file and table by table", folder_page),
}


def index_page() -> str:
    """The list of the others."""
    return page("Reference", (f"- [{text}]({name})" for name, (text, _) in PAGES.items()))


def pages() -> dict[str, str]:
    """Every page by the name of its file."""
    return {"index.md": index_page(), **{name: write() for name, (_, write) in PAGES.items()}}


def write_pages(folder: Path) -> None:
    """Write them all; what is no page of ours is left alone."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")
