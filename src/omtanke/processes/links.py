"""Links that let the first ones in. What makes them is loaded when it is needed, by the process that makes one."""

from __future__ import annotations

from pathlib import Path


def first_link(data: Path) -> str:
    """The path of a link by which the first person makes an account; empty when somebody has one already."""
    from omtanke.web import app

    return app.first_link(data)


def demo_link(data: Path) -> str:
    """The path of a link that signs the lead of the demo in."""
    from omtanke.web import app

    return app.demo_link(data)
