"""What Spark needs, and what is said when it is not there or fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from omtanke.cli import main
from omtanke.spark.session import cause_in, require_spark


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--master", "local[2]"], "add --on spark, or leave them out"),
        (["--conf", "spark.executor.memory=8g"], "add --on spark, or leave them out"),
        (["--on", "spark", "--master", "moon"], "--master 'moon' is no place that Spark runs in"),
        (["--on", "spark", "--conf", "memory=8g"], "--conf 'memory=8g' is no setting of Spark; write it as"),
    ],
)
@pytest.mark.parametrize("call", [["ask", "promises"], ["replay", "--check"]])
def test_what_cannot_be_is_refused_with_the_way_out(shop: Path, capsys: pytest.CaptureFixture[str], call: list[str], options: list[str], said: str) -> None:
    assert main([*call, *options, "--data", str(shop)]) == 2
    assert said in capsys.readouterr().err


def test_without_java_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(ValueError, match=r"there is no bin/java in it; install one \(openjdk-17-jre-headless\)"):
        require_spark("local[2]")


def test_without_pyspark_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("omtanke.spark.session.find_spec", lambda name: None)
    with pytest.raises(ValueError, match=r"pip install 'omtanke\[spark\]'"):
        require_spark("local[2]")


def test_of_a_long_failure_the_innermost_cause_is_said() -> None:
    said = """An error occurred while calling o91.collectToPython.
: org.apache.spark.SparkException: Job aborted due to stage failure
\tat org.apache.spark.scheduler.DAGScheduler.failJobAndIndependentStages(DAGScheduler.scala:2898)
Caused by: org.apache.spark.api.python.PythonException: Traceback (most recent call last):
  File "worker.py", line 1, in main
ModuleNotFoundError: No module named 'omtanke'
"""
    assert cause_in(said) == "ModuleNotFoundError: No module named 'omtanke'"
    assert cause_in("[UNRESOLVED] it is so\nand more") == "[UNRESOLVED] it is so"
