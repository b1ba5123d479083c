"""The template language: Jinja2, of which only what cannot run away or look around is let in (grammar.py), in its immutable sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment

from omtanke.messages.grammar import AROUND, LOOP, PARTS, faults_of
from omtanke.messages.placing import CannotPlace, Missing, View

LONGEST_OUTPUT = 256 * 1024
LARGEST_NUMBER = 1_000_000


class Environment(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, where a field is a field of the context and nothing can be called but our own parts."""

    intercepted_binops = frozenset({"+", "-"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self._field(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, list) and isinstance(argument, int):
            if 0 <= argument < len(obj):
                return obj[argument]
            raise CannotPlace(f"There are {len(obj)} of them; number {argument} is not there.")
        return self._field(obj, argument)

    def _field(self, obj: Any, name: Any) -> Any:
        if isinstance(obj, View) and name in obj.fields:
            return obj.fields[name]
        if isinstance(obj, Missing):
            raise CannotPlace(f"{obj.path} is not known here, so that it has no {name}.")
        if isinstance(obj, LoopContext) and name in LOOP:
            return getattr(obj, name)
        raise CannotPlace(f"{name} is no field that a message can ask for.")

    def is_safe_callable(self, obj: Any) -> bool:
        return isinstance(obj, Macro)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> int:
        if type(left) is bool or type(right) is bool or not (isinstance(left, int) and isinstance(right, int)):
            raise CannotPlace(f"Only numbers can be added with {operator}.", "Write words beside each other.")
        result = int(left) + int(right) if operator == "+" else int(left) - int(right)
        if abs(result) > LARGEST_NUMBER:
            raise CannotPlace(f"{result} is larger than any number in a message.", "Leave it out.")
        return result


def environment(language: str, is_markup: bool) -> Environment:
    made = Environment(autoescape=is_markup, undefined=StrictUndefined, keep_trailing_newline=True, trim_blocks=is_markup, lstrip_blocks=True)
    made.globals = {"language": language}
    made.filters = {"goods": goods_in(language), "first": first_of, "last": last_of, "length": len}
    return made


def first_of(found: list[Any]) -> Any:
    return _some(found)[0]


def last_of(found: list[Any]) -> Any:
    return _some(found)[-1]


def _some(found: list[Any]) -> list[Any]:
    if not isinstance(found, list) or not found:
        raise CannotPlace("There is none of which the first or last could be said.")
    return found


AND = {"sv": "{} och {}", "en": "{} and {}"}
MORE = {"sv": "{} till", "en": "{} more"}


def goods_in(language: str) -> Callable[[list[Any]], str]:
    """Running shoes and 2 more."""

    def goods(lines: list[Any]) -> str:
        names = [str(line.fields["name"]) for line in _some(lines)]
        if len(names) == 1:
            return names[0]
        last = names[1] if len(names) == 2 else MORE[language].format(len(names) - 1)
        return AND[language].format(names[0], last)

    return goods


@lru_cache(maxsize=512)
def compiled(source: str, language: str, is_markup: bool, parts: str = "", is_own: bool = False) -> Any:
    """A template without faults. `parts`: macros that it may call; `is_own`: it is layout or closing. Raises CannotPlace."""
    for text, may in ((source, is_own), (parts, True)):
        for fault in faults_of(text, AROUND if may else {}, may):
            raise CannotPlace(fault.words, fault.instead)
    made = environment(language, is_markup)
    if parts:
        module = made.from_string(parts).module
        made.globals |= {name: getattr(module, name) for name in PARTS}
    return made.from_string(source)


def made_of(source: str, names: Mapping[str, object], language: str, is_markup: bool, parts: str = "", is_own: bool = False) -> str:
    """The text with its places. Raises CannotPlace."""
    signs: list[str] = []
    size = 0
    try:
        for piece in compiled(source, language, is_markup, parts, is_own).generate(**names):
            size += len(piece)
            if size > LONGEST_OUTPUT:
                raise CannotPlace(f"The message has more than {LONGEST_OUTPUT:,} characters.", "Say less.")
            signs.append(piece)
    except (TemplateError, TypeError, RecursionError, AttributeError) as error:
        raise CannotPlace(f"The template cannot be followed: {error}.", "See the page on messages for what may be written.") from error
    return "".join(signs)
