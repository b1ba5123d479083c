"""A PostgreSQL cluster of the tests' own, from the system's binaries: on a socket in a folder, for as long as it is needed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import psycopg

INSTALLED = Path("/usr/lib/postgresql")
# What a cluster that is thrown away can do without.
CARELESS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
SIZES = ("shared_buffers=256MB", "max_wal_size=2GB", "max_connections=200")


def binaries() -> Path | None:
    """Where the server's programs are; None where there is none."""
    newest = sorted(INSTALLED.glob("*/bin/initdb"))
    found = str(newest[-1]) if newest else shutil.which("initdb")
    return Path(found).parent if found else None


class Cluster:
    """A server that is running. `url`: how its first database is reached."""

    def __init__(self, folder: Path, programs: Path, careful: bool) -> None:
        self.folder = folder
        self._programs = programs
        # The server refuses to be root's.
        self._user = "postgres" if os.geteuid() == 0 else None
        if self._user:
            shutil.chown(folder, self._user)
        self._numbers = count()
        self._options = " ".join(f"-c {one}" for one in (*SIZES, *(() if careful else CARELESS), f"unix_socket_directories={folder}", "listen_addresses="))
        self._run("initdb", "-D", str(folder / "data"), "-A", "trust", "-U", "omtanke", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run([self._programs / program, *arguments], check=True, stdout=subprocess.DEVNULL, user=self._user, cwd=self.folder)

    def start(self) -> None:
        try:
            self._run("pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-o", self._options, "-w", "start")
        except subprocess.CalledProcessError as failed:
            said = (self.folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()
            raise RuntimeError("\n".join(said[-5:])) from failed

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", mode, "-w", "stop")

    def kill(self) -> None:
        """Every process of the server, as when the machine falls."""
        number = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(number, signal.SIGSTOP)  # it has no more children from now on
        mine = [number, *(int(child) for child in Path(f"/proc/{number}/task/{number}/children").read_text().split())]
        for process in mine:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        while any(_is_alive(process) for process in mine):
            time.sleep(0.01)
        # The numbers of the dead may stay in use until somebody asks after them, which a new server takes for life.
        for name in ("data/postmaster.pid", ".s.PGSQL.5432.lock"):
            (self.folder / name).unlink(missing_ok=True)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://omtanke@/{database}?host={self.folder}"

    def database(self) -> str:
        """A new database; how it is reached."""
        name = f"shop_{next(self._numbers)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """A database is needed no longer."""
        name = url.partition("@/")[2].partition("?")[0]
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _is_alive(process: int) -> bool:
    """Whether it is more than a name that nobody has asked after."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def cluster(careful: bool = False) -> Iterator[Cluster | None]:
    """A cluster while the block runs; None where PostgreSQL is not installed. `careful`: what is committed outlives a fall of the machine."""
    programs = binaries()
    if programs is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="omtanke-pg-") as folder:
        made = Cluster(Path(folder), programs, careful)
        made.start()
        try:
            yield made
        finally:
            made.stop()
