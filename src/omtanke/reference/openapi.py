"""The OpenAPI document, as the door serves it."""

from __future__ import annotations

import json

from omtanke.intake.openapi import document


def openapi_page() -> str:
    """The document, for people to read and tools to take."""
    return json.dumps(document(), ensure_ascii=False, indent=2) + "\n"
