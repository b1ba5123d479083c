"""On which line each key of a TOML text stands: a fault says it, and Python's reader does not tell."""

from __future__ import annotations

import re
import tomllib

# The longest spelling first: a text over several lines may end in up to five quotes, two of which are its own.
TEXT = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
OTHER_VALUE = re.compile(r"[^,\]}#\n]+")
BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
SPACE = re.compile(r"[ \t]*")
FIRST_LINE = 1


class Lines:
    """The lines of a text that `tomllib` has read, by the path of each key as in `step[2].wait`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._newlines = 0
        self._counted_to = 0
        self._last: dict[str, int] = {}
        self.found: dict[str, int] = {}
        try:
            self._document()
        except RecursionError:  # lists in lists in lists: what has been found is found
            return

    def of(self, path: str) -> int:
        """The line of a key; of what it stands in, where the key is not there."""
        while path and path not in self.found:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.found.get(path, FIRST_LINE)

    def _document(self) -> None:
        here = ""
        self._skip(BLANK)
        while self._at < len(self._text):
            if self._text.startswith("[", self._at):
                here = self._header()
            else:
                self._pair(here)
            self._skip(BLANK)

    def _header(self) -> str:
        """`[a.b]` or `[[a.b]]`: the path of the table that begins."""
        line = self._line()
        is_one_of_many = self._text.startswith("[[", self._at)
        brackets = 2 if is_one_of_many else 1
        self._at += brackets
        path, keys = "", self._keys()
        for n, key in enumerate(keys):
            path = _join(path, key)
            if is_one_of_many and n == len(keys) - 1:
                self._last[path] = self._last.get(path, -1) + 1
                self.found.setdefault(path, line)
            if path in self._last:
                path = f"{path}[{self._last[path]}]"
        self._at += brackets
        self.found.setdefault(path, line)
        return path

    def _pair(self, here: str) -> None:
        line = self._line()
        for key in self._keys():
            here = _join(here, key)
            self.found.setdefault(here, line)
        self._at += 1  # =
        self._skip(SPACE)
        self._value(here)

    def _value(self, path: str) -> None:
        if found := TEXT.match(self._text, self._at):
            self._at = found.end()
        elif self._text.startswith("[", self._at):
            self._list(path)
        elif self._text.startswith("{", self._at):
            self._inline_table(path)
        else:
            self._skip(OTHER_VALUE)

    def _list(self, path: str) -> None:
        n = 0
        self._at += 1
        while not self._ends("]"):
            one = f"{path}[{n}]"
            self.found[one] = self._line()
            self._value(one)
            n += 1

    def _inline_table(self, path: str) -> None:
        self._at += 1
        while not self._ends("}"):
            self._pair(path)

    def _ends(self, bracket: str) -> bool:
        """Past what parts two values; whether the bracket stands there, which is passed too."""
        self._skip(BLANK)
        if self._text.startswith(",", self._at):
            self._at += 1
            self._skip(BLANK)
        is_end = self._text.startswith(bracket, self._at) or self._at >= len(self._text)
        self._at += is_end
        return is_end

    def _keys(self) -> list[str]:
        """`a."b c".d`: three keys."""
        keys = []
        while True:
            self._skip(SPACE)
            if found := TEXT.match(self._text, self._at):
                keys.append(next(iter(tomllib.loads(f"{found[0]} = 0"))))
            elif found := BARE_KEY.match(self._text, self._at):
                keys.append(found[0])
            self._at = found.end() if found else self._at + 1
            self._skip(SPACE)
            if not self._text.startswith(".", self._at):
                return keys
            self._at += 1

    def _skip(self, pattern: re.Pattern[str]) -> None:
        if found := pattern.match(self._text, self._at):
            self._at = found.end()

    def _line(self) -> int:
        self._newlines += self._text.count("\n", self._counted_to, self._at)
        self._counted_to = max(self._counted_to, self._at)
        return self._newlines + FIRST_LINE


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
