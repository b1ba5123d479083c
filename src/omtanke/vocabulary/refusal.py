"""What is said when input cannot be understood."""

from __future__ import annotations

SHOWN_LENGTH = 80


class CannotDo(ValueError):
    """What was asked cannot be done; the text says why, and what to do instead. Commands say it without a traceback."""


class Refused(CannotDo):
    """A value that breaks a rule of the vocabulary: where it stands, what it is, what was expected.

    `path` follows the sender's own names (`properties.products[0].price`).
    """

    def __init__(self, path: str, value: object, rule: str) -> None:
        super().__init__(path, value, rule)
        self.path = path
        self.value = value
        self.rule = rule

    @property
    def shown(self) -> str:
        """The value as text."""
        try:
            return repr(self.value)
        except RecursionError:
            return f"a {type(self.value).__name__} nested too deep to be shown"

    def __str__(self) -> str:
        shown = self.shown
        if len(shown) > SHOWN_LENGTH:
            shown = shown[:SHOWN_LENGTH] + "…"
        return f"{self.path}: {shown} {self.rule}"
