"""Each key of a text has its line, however it is written."""

from __future__ import annotations

from omtanke.engine.toml_lines import Lines

WRITTEN = (
    """# a comment = 1
class = "service" # [[step]]
"quoted key" = 'it"""
    + "'"
    + '''
[entry]
when = """
fact.pieces > 0 # = no comment
"""
a.b = 2026-11-21 09:14:00

[[step]]
say = "[[step]] \\" x"
channels = [
  "mail", # ]
  'sms',
]
[[step]]
inline = { one = 1, two = [ { three = 3 } ] }
[step.within]
x = \'\'\'
'\'\'\'\'
[[exit]]
last = [1, 2]'''
)


def test_every_key_has_the_line_on_which_it_stands() -> None:
    assert Lines(WRITTEN).found == {
        "class": 2,
        "quoted key": 3,
        "entry": 4,
        "entry.when": 5,
        "entry.a": 8,
        "entry.a.b": 8,
        "step": 10,
        "step[0]": 10,
        "step[0].say": 11,
        "step[0].channels": 12,
        "step[0].channels[0]": 13,
        "step[0].channels[1]": 14,
        "step[1]": 16,
        "step[1].inline": 17,
        "step[1].inline.one": 17,
        "step[1].inline.two": 17,
        "step[1].inline.two[0]": 17,
        "step[1].inline.two[0].three": 17,
        "step[1].within": 18,
        "step[1].within.x": 19,
        "exit": 21,
        "exit[0]": 21,
        "exit[0].last": 22,
        "exit[0].last[0]": 22,
        "exit[0].last[1]": 22,
    }


def test_what_is_not_there_has_the_line_of_what_it_would_stand_in() -> None:
    lines = Lines(WRITTEN)
    assert [lines.of(path) for path in ("step[1].within.y.z", "step[7]", "entry.fact", "nothing", "")] == [18, 10, 4, 1, 1]
