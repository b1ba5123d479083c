"""The data folder: everything a shop has, in one place."""

from __future__ import annotations

import fcntl
import os
from importlib.resources import files
from pathlib import Path
from typing import IO

from omtanke.engine.policy import Policy, read_policy
from omtanke.folder_clock import FolderClock, read_clock
from omtanke.settings import Settings, read_settings
from omtanke.storage.keys import Keys, open_secret
from omtanke.storage.outbox import Outbox
from omtanke.storage.sqlite_inbox import SqliteInbox
from omtanke.storage.sqlite_log import SqliteLog
from omtanke.storage.suggestions import Suggestions


class Folder:
    """Paths and parts of a data folder; it is made at first use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.settings: Settings = read_settings(path / "omtanke.toml")
        self.keys = Keys(open_secret(path / "keys"), self.settings.country, self.settings.own_addresses)
        self.clock: FolderClock = read_clock(self.clock_path)

    @property
    def inbox_path(self) -> Path:
        return self.path / "inbox.db"

    @property
    def log_path(self) -> Path:
        return self.path / "log.db"

    @property
    def outbox_path(self) -> Path:
        return self.path / "outbox.db"

    @property
    def clock_path(self) -> Path:
        return self.path / "clock.json"

    @property
    def lake_path(self) -> Path:
        return self.path / "lake"

    def inbox(self) -> SqliteInbox:
        return SqliteInbox(self.inbox_path, self.keys)

    def log(self) -> SqliteLog:
        return SqliteLog(self.log_path)

    def outbox(self) -> Outbox:
        return Outbox(self.outbox_path)

    def suggestions(self) -> Suggestions:
        return Suggestions(self.path / "suggestions.db")

    def policy(self) -> Policy:
        """The policy as written, to see whether it holds. Raises PolicyFaults."""
        return read_policy(self.policy_text(), 1)

    def policy_text(self) -> str:
        """The policy, and who answers for which unit; the first policy is put there when there is none."""
        path = self.path / "policy" / "policy.toml"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_text((files("omtanke.engine") / "policy.toml").read_text(encoding="utf-8"), encoding="utf-8")
        units = path.parent / "units.toml"
        return path.read_text(encoding="utf-8") + ("\n" + units.read_text(encoding="utf-8") if units.exists() else "")


class FolderLock:
    """What only one process at a time may do in a folder (`worker`, `lake`); the lock goes with the process."""

    def __init__(self, folder: Folder, name: str) -> None:
        self._path = folder.path / f"{name}.lock"
        self._file: IO[str] | None = None

    def try_take(self) -> bool:
        """Whether this process has the lock now."""
        file = self._path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
