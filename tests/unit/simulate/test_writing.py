"""The shop as a file, by the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from omtanke.cli import main

SPAN = ["--from", "2026-10-01", "--until", "2026-10-04T12:00"]


def test_simulate_writes_calls_and_truth(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, truth = tmp_path / "events.jsonl", tmp_path / "truth.json"
    assert main(["simulate", "--seed", "2", "--persons", "300", *SPAN, "--out", str(out), "--truth", str(truth)]) == 0
    lines = out.read_bytes().splitlines()
    assert capsys.readouterr().out.startswith(f"{len(lines):,} events of 300 persons")
    assert {json.loads(line)["type"] for line in lines} >= {"track", "identify", "page"}
    assert json.loads(truth.read_text(encoding="utf-8"))["effects"]["broken"]["large_sample"] == -1.5


def test_simulate_writes_the_same_again(tmp_path: Path) -> None:
    for name in ("one", "other"):
        main(["simulate", "--persons", "200", *SPAN, "--out", str(tmp_path / name)])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Say where it shall go"),
        (["--out", "x", "--from", "2026-10-02", "--until", "2026-10-01"], "is not before"),
        (["--out", "x", "--until", "yesterday"], "'yesterday' is not a moment"),
    ],
)
def test_simulate_says_what_is_wrong(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", *arguments]) == 2
    assert said in capsys.readouterr().err
