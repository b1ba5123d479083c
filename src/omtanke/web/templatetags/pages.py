"""The few tags that templates need beside Django's own."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

from django import template

from omtanke.web.console.acting.forms import new_key

register = template.Library()
STATIC = Path(__file__).parent.parent / "static"


@register.simple_tag
def fresh_key() -> str:
    """A key by which a form that is sent twice acts once."""
    return new_key()


@register.simple_tag
@cache
def asset(name: str) -> str:
    """The address of a file of ours, with its digest so that a new one is fetched and an old one kept."""
    digest = blake2b(Path(f"{STATIC}/{name}").read_bytes(), digest_size=5).hexdigest()
    return f"/static/{name}?{digest}"
