"""What may stand in a template: a list, against which its syntax tree is held before anything is compiled.

There are no assignments, macros, inclusions or products in a message, loops run over lists of the context and hold no other loop, and parts are called
a few times at most, so that time and size are bounded by its length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import jinja2
from jinja2 import TemplateSyntaxError, nodes
from msgspec import Struct

from omtanke.messages.findings import near
from omtanke.messages.placing import CLOSES, OPENS
from omtanke.messages.schema import Shape, context_shape

LONGEST_SOURCE = 64 * 1024
MOST_DEPTH, MOST_CALLS = 24, 20
FILTERS = {
    "goods": "the names of lines, two at most: “Löparskor och 2 till”",
    "first": "the first of a list",
    "last": "the last of a list",
    "length": "how many there are",
}
LOOP = ("first", "last")
# Parts that a message may call, and what they state.
PARTS = {
    "promise_line": "the promise as a drawing, with its dates",
    "order_lines": "lines with variant, quantity and price",
    "scores": "the answers to a question, each a link",
}
ALLOWED: tuple[type[nodes.Node], ...] = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem, nodes.If, nodes.For),
    *(nodes.Filter, nodes.And, nodes.Or, nodes.Not, nodes.Compare, nodes.Operand, nodes.Add, nodes.Sub, nodes.CondExpr, nodes.Call),
)
NAMED = {
    nodes.Assign: "{% set %}",
    nodes.AssignBlock: "{% set %}",
    nodes.Macro: "{% macro %}",
    nodes.CallBlock: "{% call %}",
    nodes.FilterBlock: "{% filter %}",
    nodes.With: "{% with %}",
    nodes.Include: "{% include %}",
    nodes.Import: "{% import %}",
    nodes.FromImport: "{% from %}",
    nodes.Extends: "{% extends %}",
    nodes.Block: "{% block %}",
    nodes.Concat: "~",
    nodes.Mul: "*",
    nodes.Pow: "**",
    nodes.Mod: "%",
    nodes.Div: "/",
    nodes.FloorDiv: "//",
    nodes.List: "a list",
    nodes.Tuple: "a tuple",
    nodes.Dict: "a dictionary",
    nodes.Slice: "a slice",
    nodes.Test: "a test with `is`",
}


# Names that the shop's own layout and closing have beside the context.
AROUND: Mapping[str, Shape] = {"content": None, "closing": None, "subject": None, "preheader": None, "class_": None}


class Fault(Struct, frozen=True, order=True):
    """What is wrong with a template, where, and what to write instead."""

    line: int
    rule: str
    words: str
    instead: str


def faults_of(source: str, extra: Mapping[str, Shape] | None = None, is_own: bool = False) -> list[Fault]:
    """What may not stand in a template. `extra`: names beside the context. `is_own`: a part or the layout, which may have macros."""
    if len(source) > LONGEST_SOURCE:
        return [Fault(0, "size", f"The template has {len(source):,} characters; {LONGEST_SOURCE:,} are the most.", "Say less.")]
    if OPENS in source or CLOSES in source:
        line = 1 + source.count("\n", 0, max(source.find(OPENS), source.find(CLOSES), 0))
        return [Fault(line, "template", f"{OPENS} and {CLOSES} stand for places and cannot be written.", "Leave them out.")]
    try:
        tree = jinja2.Environment().parse(source)
        return sorted(set(_Reader(extra or {}, is_own).read(tree)))
    except TemplateSyntaxError as error:
        return [
            Fault(
                error.lineno,
                "template",
                f"The template cannot be read: {(error.message or '').rstrip('.')}.",
                "See the page on messages for what may be written.",
            )
        ]
    except (RecursionError, ValueError, MemoryError):
        return [Fault(0, "template", "The template is too deep to be read.", "Write it flat.")]


# What is not found, and what a part is handed.
UNKNOWN = object()
ANYTHING: dict[str, Any] = {}


class _Reader:
    """Walks a template with the names that are known at each place."""

    def __init__(self, extra: Mapping[str, Shape], is_own: bool) -> None:
        self._names: dict[str, Any] = {**context_shape(), "language": None, **extra}
        self._is_own = is_own
        self._calls = 0

    def read(self, tree: nodes.Template) -> Iterator[Fault]:
        for node in tree.body:
            yield from self._read(node, self._names, False, 0)

    def _read(self, node: nodes.Node, names: Mapping[str, Any], in_loop: bool, depth: int) -> Iterator[Fault]:
        """What may not stand at and below a node, which lies `depth` deep."""
        if depth > MOST_DEPTH:
            yield Fault(node.lineno, "template", f"It lies more than {MOST_DEPTH} deep.", "Write it flat.")
        elif isinstance(node, nodes.Macro) and self._is_own:
            inner = {**names, **{one.name: ANYTHING for one in node.args}}
            yield from self._below(node.body, inner, in_loop, depth)
        elif not isinstance(node, ALLOWED):
            words = NAMED.get(type(node), type(node).__name__)
            yield Fault(node.lineno, "template", f"{words} cannot be used in a message.", "Write the words out, with {{ }}, {% if %} and {% for %}.")
        elif isinstance(node, nodes.For):
            yield from self._loop(node, names, in_loop, depth)
        elif isinstance(node, nodes.Call):
            yield from self._call(node, names)
        elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            yield from self._path(node, names)
        else:
            yield from self._leaf(node)
            yield from self._below(node.iter_child_nodes(), names, in_loop, depth)

    def _below(self, found: Iterable[nodes.Node], names: Mapping[str, Any], in_loop: bool, depth: int) -> Iterator[Fault]:
        for node in found:
            yield from self._read(node, names, in_loop, depth + 1)

    def _leaf(self, node: nodes.Node) -> Iterator[Fault]:
        """Constants and filters."""
        match node:
            case nodes.Const() if not isinstance(node.value, int | str):
                yield Fault(node.lineno, "template", f"{node.value!r} cannot be used in a message.", "Write a whole number or words.")
            case nodes.Const() if isinstance(node.value, str) and (OPENS in node.value or CLOSES in node.value):
                yield Fault(node.lineno, "template", f"{OPENS} and {CLOSES} stand for places and cannot be written.", "Leave them out.")
            case nodes.Filter() if node.name not in FILTERS or node.args or node.kwargs:
                yield Fault(node.lineno, "template", f"The filter {node.name} is none of a message's.", f"Use one of {', '.join(FILTERS)}, without arguments.")

    def _loop(self, node: nodes.For, names: Mapping[str, Any], in_loop: bool, depth: int) -> Iterator[Fault]:
        if in_loop:
            yield Fault(node.lineno, "template", "A loop stands in another.", "Loop over the lines alone.")
            return
        if node.recursive or not isinstance(node.target, nodes.Name) or not isinstance(node.iter, nodes.Name | nodes.Getattr):
            yield Fault(node.lineno, "template", "A loop runs over a list of the context.", "Write {% for line in order.lines %}.")
            return
        if node.target.name in self._names:
            words = f"{node.target.name} is a name of the context, and cannot be one of a loop."
            yield Fault(node.lineno, "template", words, "Write {% for line in order.lines %}.")
        yield from self._path(node.iter, names)
        shape = self._shape(node.iter, names)
        if shape is not UNKNOWN and shape is not ANYTHING and not isinstance(shape, tuple):
            yield Fault(node.lineno, "template", f"{_written(node.iter)} is no list.", "Loop over order.lines, cart.lines or survey.scores.")
        inner = {**names, node.target.name: shape[0] if isinstance(shape, tuple) else ANYTHING, "loop": dict.fromkeys(LOOP)}
        yield from self._below([*node.body, *node.else_, *([node.test] if node.test else [])], inner, True, depth)

    def _call(self, node: nodes.Call, names: Mapping[str, Any]) -> Iterator[Fault]:
        is_part = isinstance(node.node, nodes.Name) and node.node.name in PARTS and not self._is_own
        if not is_part or node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) != 1:
            parts = ", ".join(f"{name}(…)" for name in PARTS)
            yield Fault(node.lineno, "template", f"{_written(node.node)} cannot be called.", f"Only {parts} can be, with one value.")
            return
        self._calls += 1
        if self._calls == MOST_CALLS + 1:
            yield Fault(node.lineno, "template", f"Parts are called more than {MOST_CALLS} times.", "Say less.")
        if not isinstance(node.args[0], nodes.Name | nodes.Getattr):
            yield Fault(node.lineno, "template", f"{_written(node.node)} takes a value of the context.", "Write it as in promise_line(promise).")
            return
        yield from self._path(node.args[0], names)

    def _path(self, node: nodes.Node, names: Mapping[str, Any]) -> Iterator[Fault]:
        """A name with its fields, from the last to the first."""
        match node:
            case nodes.Name() if node.name not in names:
                yield Fault(node.lineno, "name", f"{node.name} is not known in a message.", near(node.name, names))
            case nodes.Getitem() if not isinstance(node.arg, nodes.Const) or not isinstance(node.arg.value, int):
                yield Fault(node.lineno, "template", "Only a number can stand in [ ].", "Write a field with a point, as in order.number.")
            case nodes.Getattr() if not isinstance(node.node, nodes.Name | nodes.Getattr | nodes.Getitem | nodes.Filter):
                yield Fault(node.lineno, "template", f"{node.attr} is no field of a part of the context.", "Write it as in order.number.")
            case nodes.Getattr():
                yield from self._field(node, names)
                yield from self._read(node.node, names, False, 0)
            case nodes.Getitem():
                yield from self._read(node.node, names, False, 0)

    def _field(self, node: nodes.Getattr, names: Mapping[str, Any]) -> Iterator[Fault]:
        shape, owner = self._shape(node.node, names), _written(node.node)
        if shape is None:
            yield Fault(node.lineno, "name", f"{owner} has no fields, so no {node.attr}.", f"Write {{{{ {owner} }}}}.")
        elif isinstance(shape, tuple):
            yield Fault(node.lineno, "name", f"{owner} is a list and has no {node.attr}.", "Loop over it, or take its first.")
        elif shape is not UNKNOWN and shape is not ANYTHING and node.attr not in shape:
            yield Fault(node.lineno, "name", f"{owner} has no {node.attr}.", near(node.attr, shape))

    def _shape(self, node: nodes.Node, names: Mapping[str, Any]) -> Any:
        match node:
            case nodes.Name():
                return names.get(node.name, UNKNOWN)
            case nodes.Getattr():
                shape = self._shape(node.node, names)
                if shape is ANYTHING:
                    return ANYTHING
                return shape.get(node.attr, UNKNOWN) if isinstance(shape, dict) else UNKNOWN
            case nodes.Getitem():
                shape = self._shape(node.node, names)
                return shape[0] if isinstance(shape, tuple) else UNKNOWN
            case nodes.Filter() if node.name in ("first", "last") and node.node is not None:
                shape = self._shape(node.node, names)
                return shape[0] if isinstance(shape, tuple) else UNKNOWN
        return UNKNOWN


def _written(node: nodes.Node) -> str:
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{_written(node.node)}.{node.attr}"
    return type(node).__name__.lower()
