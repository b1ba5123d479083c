"""The data folder: everything a shop has, in one place."""

from __future__ import annotations

import fcntl
import os
from importlib.resources import files
from pathlib import Path
from typing import IO, Protocol

from omtanke.engine.policy import Policy, read_policy, with_plays
from omtanke.folder_clock import FolderClock, read_clock
from omtanke.settings import Settings, read_settings
from omtanke.storage.databases import database_url, open_database
from omtanke.storage.keys import Keys, open_secret
from omtanke.storage.outbox import Outbox
from omtanke.storage.sql_inbox import SqlInbox
from omtanke.storage.sql_log import SqlLog
from omtanke.storage.suggestions import Suggestions


class Folder:
    """Paths and parts of a data folder; it is made at first use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True, mode=0o700)  # names and addresses are in it
        self.settings: Settings = read_settings(path / "omtanke.toml")
        self.keys = Keys(open_secret(path / "keys"), self.settings.country, self.settings.own_addresses, self.settings.blocked_values)
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

    def inbox(self) -> SqlInbox:
        return SqlInbox(open_database(self.path, "inbox"), self.keys)

    def log(self) -> SqlLog:
        log = SqlLog(open_database(self.path, "log"))
        log.catch_up()
        return log

    def outbox(self) -> Outbox:
        return Outbox(self.path)

    def suggestions(self) -> Suggestions:
        return Suggestions(self.path)

    def lock(self, name: str) -> Lock:
        if url := database_url(self.path):
            from omtanke.storage.postgres import PostgresLock

            return PostgresLock(url, name)
        return FolderLock(self.path / f"{name}.lock")

    def policy(self) -> Policy:
        """The policy as written, without plays, to see whether it holds. Raises PolicyFaults."""
        return read_policy(self._written_policy(), 1)

    def policy_text(self) -> str:
        """The policy, and the plays of the shop's playbook. Raises PlaybookFaults, and PolicyFaults where plays are held against a policy with faults."""
        text, own = self._written_policy(), self.path / "playbook"
        if not own.is_dir():
            return text
        from omtanke.playbook import plays_in, units_of  # six megabytes that a shop without plays does not need

        return with_plays(text, plays_in(own, units_of(read_policy(text, 1))), self.settings.zone)

    def _written_policy(self) -> str:
        """The policy, and who answers for which unit; the first policy is put there when there is none."""
        path = self.path / "policy" / "policy.toml"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_text((files("omtanke.engine") / "policy.toml").read_text(encoding="utf-8"), encoding="utf-8")
        units = path.parent / "units.toml"
        return path.read_text(encoding="utf-8") + ("\n" + units.read_text(encoding="utf-8") if units.exists() else "")


class Lock(Protocol):
    """What only one process at a time may do in a shop (`worker`, `lake`); the lock goes with the process."""

    def try_take(self) -> bool:
        """Whether this process has the lock now."""

    def release(self) -> None: ...


class FolderLock:
    """The lock where the databases are files of the folder: a file too."""

    def __init__(self, path: Path) -> None:
        self._path = path
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
