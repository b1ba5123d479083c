"""The reference names everything that the code has, and says what the code says."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from docs.documents import DOCS, rows, sections, text_of
from omtanke import playbook
from omtanke.engine.condition_names import FACTS, Scope, fields_of_fact, fields_of_person
from omtanke.engine.conditions import read_condition
from omtanke.engine.plays.play import AGAIN, CLASSES, KEYS, SAME
from omtanke.engine.plays.steps import STEPS
from omtanke.engine.plays.waits import FORMS
from omtanke.engine.policy import KindPolicy
from omtanke.folder import Folder
from omtanke.insight.question import QUESTIONS, question
from omtanke.reference.commands import arguments, commands
from omtanke.reference.meanings import CONDITION_TYPES, FILES, MET_BY
from omtanke.reference.pages import pages
from omtanke.reference.promises import keys_of_policy, modules_giving
from omtanke.runtime.door_keys import open_write_keys
from omtanke.settings import Settings
from omtanke.vocabulary.catalogue import BODIES, DECIDED, OBSERVED
from omtanke.vocabulary.fields import fields_of
from omtanke.vocabulary.promise import KINDS, STATES, SUBJECTS
from omtanke.vocabulary.reasons import REASONS


def first_cells(path: str) -> set[str]:
    return {row[0].strip("`") for row in rows(text_of(path))}


@pytest.mark.parametrize("name", sorted(pages()))
def test_reference_page_is_current(name: str) -> None:
    assert (DOCS / "reference" / name).read_text(encoding="utf-8") == pages()[name], "stale: run `python -m omtanke.reference`"


def test_reference_has_no_other_pages() -> None:
    assert {path.name for path in (DOCS / "reference").iterdir()} == pages().keys()


def test_every_event_is_documented_with_every_field_and_its_personal_part() -> None:
    found = sections(text_of("docs/reference/facts.md"))
    for name, body in OBSERVED.items():
        assert f"`{body.type}`" in found[name]
        for attribute, field, _ in fields_of(body):
            assert f"| `{attribute}` | {', '.join(f'`{wire}`' for wire in field.names)} |" in found[name]
            assert field.what in found[name]
        assert [text for text in body.personal.values() if text not in found[name]] == []


def test_every_fact_of_our_own_is_documented_with_every_field() -> None:
    found = sections(text_of("docs/reference/facts.md"))
    for name, body in BODIES.items():
        if name in DECIDED or not hasattr(body, "personal"):
            assert {row[0].strip("`") for row in rows(found[name])} == {field.name for field in msgspec.structs.fields(body)}


def test_every_reason_is_documented_and_given_somewhere() -> None:
    assert first_cells("docs/reference/reasons.md") == REASONS.keys()
    assert [name for name in REASONS if not modules_giving(name)] == []


def test_every_kind_subject_and_state_of_promise_is_documented() -> None:
    assert {*KINDS, *SUBJECTS, *STATES} <= first_cells("docs/reference/promises.md")


def test_what_tells_a_promise_is_an_event() -> None:
    assert MET_BY.keys() == KINDS.keys()
    assert [name for names in MET_BY.values() for name in names if name not in OBSERVED] == []


def test_every_policy_key_is_documented() -> None:
    keys = {key for where, key in keys_of_policy() if where == "promises.KIND"}
    assert keys == {{"owner": "owner", "target": "target_percent"}.get(name, f"{name}_seconds") for name in KindPolicy.__struct_fields__}
    documented = {(row[0].strip("`"), row[1].strip("`")) for row in rows(text_of("docs/reference/policy.md"))}
    assert set(keys_of_policy()) <= documented


def test_every_part_of_a_play_is_documented() -> None:
    documented = first_cells("docs/reference/plays.md")
    assert {*CLASSES, *KEYS, *AGAIN, *SAME, *STEPS, *FORMS, *FACTS, *playbook.shipped()} <= documented
    assert {key for step in STEPS.values() for key in step.keys} <= documented


def test_every_name_that_a_condition_may_read_is_documented() -> None:
    said = {row[0].strip("`"): row[1] for row in rows(text_of("docs/reference/plays.md"))}
    for fact in FACTS:
        assert [name for name in fields_of_fact(fact) if f"`{name}`" not in said[fact]] == []
    assert [name for name in fields_of_person() if f"`person.{name}`" not in said["person.FIELD"]] == []


def test_conditions_of_the_reference_are_conditions() -> None:
    for text in CONDITION_TYPES.values():
        fact = "order_completed" if "lines" in text or "stated" in text or "total" in text else "cart_left"
        assert read_condition(text, Scope(fact)).text == text


def test_every_setting_is_documented() -> None:
    assert first_cells("docs/reference/settings.md") == set(Settings.__struct_fields__)


def test_every_command_and_flag_is_documented() -> None:
    found = sections(text_of("docs/reference/commands.md"))
    for name, parser, _ in commands():
        said = found[f"omtanke {name}"]
        assert f"$ omtanke {name}" in said
        for action in arguments(parser):
            assert all(f"`{option}" in said for option in action.option_strings), (name, action.option_strings)
            assert action.help or not action.option_strings or action.choices, f"omtanke {name} {action.option_strings}: has no help"


@pytest.mark.parametrize("name", QUESTIONS)
def test_question_is_documented_with_its_columns(name: str) -> None:
    said = sections(text_of("docs/reference/questions.md"))[name]
    assert question(name).asks in said
    assert [row[0].strip("`") for row in rows(said)] == [column.name for column in question(name).columns]


def test_every_dimension_is_documented() -> None:
    every = {name for asked in QUESTIONS for name in question(asked).dimensions}
    assert [name for name in every if f"`{name}`" not in text_of("docs/reference/questions.md")] == []


def test_every_file_of_a_data_folder_is_documented(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.inbox().close()
    folder.log().close()
    folder.policy_text()
    open_write_keys(tmp_path / "keys")
    made = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    assert [name for name in made if name not in FILES and not name.endswith(("-wal", "-shm"))] == []
