"""Each term has both languages, and pages use the glossary's words."""

from __future__ import annotations

import ast
import re

from docs.documents import rows, text_of
from omtanke.vocabulary.promise import KINDS, STATES

# A message with a context is a form of the word (one, many), not the word itself.
TRANSLATED = re.compile(r'\n\nmsgid "(.+)"\nmsgstr "(.+)"$', re.MULTILINE)


def words_of_pages(name: str) -> dict[str, str]:
    """A table of code and English word in the module of names, read without starting Django."""
    module = ast.parse(text_of("src/omtanke/web/words/names.py"))
    (table,) = (node.value for node in module.body if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name)
    assert isinstance(table, ast.Dict)
    return {
        ast.literal_eval(key): ast.literal_eval(said.args[0]) for key, said in zip(table.keys, table.values, strict=True) if key and isinstance(said, ast.Call)
    }


def terms() -> dict[str, list[str]]:
    """Rows by their code."""
    return {code.strip("`"): row for row in rows(text_of("docs/glossary.md")) for code in row[2].split(", ")}


def test_every_term_has_both_languages() -> None:
    assert [row for row in rows(text_of("docs/glossary.md")) if len(row) != 4 or not all(row)] == []


def test_a_word_is_one_thing() -> None:
    for language in (0, 1):
        words = [row[language] for row in rows(text_of("docs/glossary.md"))]
        assert [word for word in words if words.count(word) > 1] == []


def test_every_kind_and_state_of_promise_is_there() -> None:
    assert [name for name in (*KINDS, *STATES) if name not in terms()] == []


def test_pages_say_kinds_and_states_in_the_words_of_the_glossary() -> None:
    swedish = dict(TRANSLATED.findall(text_of("src/omtanke/web/locale/sv/LC_MESSAGES/django.po")))
    found = terms()
    for code, english in (words_of_pages("KINDS") | words_of_pages("STATES")).items():
        assert found[code][0].split(" (")[0].lower() == english.lower()
        assert found[code][1].split(" (")[0].lower() == swedish[english].lower()
