"""Whatever is sent to the door: no answer is a 500, and every answer is one that the document describes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig, ProjectConfig, ProjectsConfig, SchemathesisConfig
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from integration.running_door import RunningDoor, running_door
from omtanke.intake.openapi import document

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
MODES = GenerationConfig(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
CONFIG = SchemathesisConfig(projects=ProjectsConfig(default=ProjectConfig(generation=MODES)))

schema = schemathesis.openapi.from_dict(document(), config=CONFIG)


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    with running_door(tmp_path_factory.mktemp("fuzz") / "data", "door_events_per_second = 100000\n") as opened:
        yield opened


def test_door_and_worker_live_on_after_what_no_sender_sends(door: RunningDoor) -> None:
    strange = ['{"a":' * 900 + "1" + "}" * 900, '{"messageId":"\\ud800","userId":"\\udfff"}', '{"messageId":"big","userId":"u","properties":{"n":1e999}}']
    strange += [
        '{"messageId":"n","userId":"u","properties":{"n":' + "9" * 400 + "}}",
        '{"messageId":"z","userId":"\\u0000","event":"\\u0000"}',
        "NaN",
        '"',
        "\ufeff{}",
    ]
    statuses = [door.call("POST", f"/v1/{call}", raw.encode(), door.server_key).status for raw in strange for call in ("track", "identify", "batch", "alias")]
    assert {*statuses} <= {200, 400}
    answer = door.say({"promise_id": "after all", "kind": "reply", "user_id": "u", "until": "2099-11-20"})
    assert (answer.status, answer.body["promise"]["state"]) == (201, "made")


@schema.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])
def test_every_answer_is_described(case: schemathesis.Case, door: RunningDoor) -> None:
    response = case.call(base_url=door.address, headers={"authorization": f"Bearer {door.server_key}"})
    case.validate_response(response, checks=CHECKS)
