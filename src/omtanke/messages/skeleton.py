"""A template with its expressions as signs: what is read of it before it is made for anybody. Lines stay where they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

import jinja2

from omtanke.messages.dates import STATED, VALUE

NAMES = re.compile(r"[A-Za-z_][\w.]*")
STATING = ("promise", "quote", "promise_line")


def skeleton(source: str) -> str:
    """The literal text; an expression that states a promise or quote as STATED, any other as VALUE. Raises TemplateSyntaxError."""
    written: list[str] = []
    line = 1
    for at, text in _pieces(source):
        gap = max(0, at - line)
        written.append("\n" * gap + text)
        line += gap + text.count("\n")
    return "".join(written)


def paths(source: str) -> set[str]:
    """Every dotted name that stands in an expression or statement."""
    return {name for _at, kind, text in _tokens(source) if kind != "data" for name in NAMES.findall(text)}


def states(expression: str) -> bool:
    """Whether the expression can say nothing but a promise or quote."""
    return all(name.split(".")[0] in STATING for name in NAMES.findall(expression)) and any(NAMES.findall(expression))


def _pieces(source: str) -> Iterator[tuple[int, str]]:
    for at, kind, text in _tokens(source):
        if kind == "data":
            yield at, text
        elif kind == "variable":
            yield at, STATED if states(text) else VALUE
        elif text.split()[:1] in (["else"], ["elif"]):
            yield at, " "


def _tokens(source: str) -> Iterator[tuple[int, str, str]]:
    """(line, data | variable | block, text)."""
    kind, at, inside = "", 1, ""
    for line, token, value in jinja2.Environment().lex(source):
        if token in ("variable_begin", "block_begin"):
            kind, at, inside = token.removesuffix("_begin"), line, ""
        elif token in ("variable_end", "block_end"):
            yield at, kind, inside.strip()
            kind = ""
        elif kind:
            inside += value
        elif token == "data":
            yield line, "data", value
