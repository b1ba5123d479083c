"""The look's colours for charts, light and dark: the same names as in the pages' style."""

from __future__ import annotations

from msgspec import Struct

SANS = "system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, sans-serif"
SERIF = "Iowan Old Style, Palatino Linotype, Palatino, URW Palladio L, Georgia, serif"


class Palette(Struct, frozen=True):
    """Tokens of the look."""

    card: str
    ink: str
    quiet: str
    line: str
    pine: str
    pine_soft: str
    brick: str
    amber: str
    sky: str


LIGHT = Palette(
    card="#fffdf9", ink="#22262a", quiet="#5a646b", line="#e4dfd5", pine="#1f5c4d", pine_soft="#cfe4db", brick="#9a3424", amber="#825100", sky="#2d5f8b"
)
DARK = Palette(
    card="#1d2124", ink="#e8e6e1", quiet="#a0aab0", line="#2e3438", pine="#7cc4ad", pine_soft="#1f4a3e", brick="#e88a76", amber="#e2b45c", sky="#8dbce4"
)
