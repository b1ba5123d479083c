"""What integration tests share: folders that are filled once, and commands run as a user runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from omtanke.bootstrap import check_folder, import_olist_folder
from omtanke.runtime.replay import Checked

SOAK = bool(os.environ.get("OMTANKE_SOAK"))


def started(*arguments: str | Path, **how: object) -> subprocess.Popen[bytes]:
    """The command as a process of its own."""
    return subprocess.Popen([sys.executable, "-m", "omtanke.cli", *map(str, arguments)], start_new_session=True, **how)  # type: ignore[call-overload,no-any-return]


def checked(data: Path) -> Checked:
    """What `replay --check` comes to."""
    *_, last = check_folder(data)
    return last


@pytest.fixture
def command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command to its end."""

    def run(*arguments: str | Path, within: Sequence[int] = (0,)) -> subprocess.CompletedProcess[str]:
        done = subprocess.run([sys.executable, "-m", "omtanke.cli", *map(str, arguments)], capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode in within, f"{arguments}: status {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    return run


@pytest.fixture(scope="session")
def olist_store(olist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the whole of Olist."""
    data = tmp_path_factory.mktemp("olist") / "data"
    report = import_olist_folder(data, olist, lambda *progress: None, dry_run=False, ended=True)
    assert not report.faults
    return data
