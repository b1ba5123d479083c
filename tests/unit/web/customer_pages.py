"""What the tests of the pages that customers open have in common."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.http import HttpResponse

STORED = ("consent_given", "consent_withdrawn", "preference_changed", "link_opened")


def text_of(response: HttpResponse | Any) -> str:
    """The page without what is not text."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def heading(response: HttpResponse | Any) -> str:
    (found,) = re.findall(r"<h1>(.*?)</h1>", response.content.decode(), re.S)
    return html.unescape(found)


def filled(page: str) -> dict[str, Any]:
    """The form of preferences as the page gives it."""
    (form,) = re.findall(r'<form method="post" class="choosing">.*?</form>', page, re.S)
    values: dict[str, Any] = {"channels": [], "subjects": []}
    for one in re.findall(r"<input ([^>]+)>", form):
        name, value = re.findall(r'name="([^"]+)"', one)[0], re.findall(r'value="([^"]*)"', one)[0]
        if name in ("channels", "subjects"):
            values[name] += [value] * ("checked" in one)
        elif 'type="radio"' not in one or "checked" in one:
            values[name] = value
    chosen = re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.S)
    return values | {name: re.findall(r'<option value="([^"]+)" selected', inside)[0] for name, inside in chosen}


def key_on(page: str) -> str:
    return re.findall(r'name="key" value="([^"]+)"', page)[0]
