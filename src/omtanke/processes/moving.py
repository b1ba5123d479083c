"""A shop moves from the files of its folder into PostgreSQL. It stands still meanwhile; the same command goes on after a stop."""

from __future__ import annotations

import os
import tomllib
from contextlib import ExitStack, closing
from pathlib import Path

from omtanke.folder import Folder, Lock
from omtanke.storage.databases import VARIABLE, database_url
from omtanke.storage.lake_manifest import make_durable
from omtanke.storage.moving import Progress, close_for_good, compare_table, go_on_counting, move_table, tables_of
from omtanke.storage.postgres import PostgresDatabase
from omtanke.storage.sqlite import MIGRATIONS, SqliteDatabase, connect
from omtanke.vocabulary.refusal import CannotDo

BEFORE = "before-move"
NAMES = ("inbox", "log", "outbox", "door", "suggestions")
PATIENCE_SECONDS = 2.0


def move(data: Path, url: str, progress: Progress) -> int:
    """Everything of the folder's databases into PostgreSQL, compared row by row; then the settings say so, and the files lie in
    `before-move`. How many facts there are. Raises CannotDo, PostgresError."""
    if database_url(data) == url:
        put_aside(data)  # what was interrupted at the very end
        return facts_of(url)
    require_files(data)
    with ExitStack() as stack:
        for lock in locks(Folder(data)):
            stack.callback(lock.release)
        sources = {name: stack.enter_context(closing(held(data, name))) for name in NAMES if (data / f"{name}.db").exists()}
        require_target(url, Folder(data))
        tables = {name: tables_of(source) for name, source in sources.items()}
        for name, source in sources.items():
            with closing(PostgresDatabase(url, name)) as target:
                target.migrate(name)
                for table in tables[name]:
                    move_table(source, target, name, table, progress)
                    compare_table(source, target, name, table, progress)
                go_on_counting(source, target, tables[name])
        if (data / "staff.db").exists():
            move_staff(data, url)
        for name, source in sources.items():
            close_for_good(source, tables[name])
            source.commit()
    say_so(data, url)
    put_aside(data)
    return facts_of(url)


def facts_of(url: str) -> int:
    """How many facts stand there."""
    with closing(PostgresDatabase(url, "log", read_only=True)) as log:
        return int(log.execute("SELECT count(*) FROM fact").fetchone()[0])


def require_files(data: Path) -> None:
    """Raises CannotDo where the databases are no files of the folder."""
    if not (data / "log.db").exists():
        raise CannotDo(f"{data} has no log.db: it is not a data folder whose databases are files. Name one with --data.")
    if database_url(data):
        raise CannotDo(f"{data} stands in another PostgreSQL database already: the settings or {VARIABLE} name it.")


def locks(folder: Folder) -> list[Lock]:
    """Nobody works in the folder. Raises CannotDo."""
    taken = []
    for name in ("worker", "dispatch", "backup"):
        lock = folder.lock(name)
        if not lock.try_take():
            raise CannotDo(f"{folder.path} is in use ({name}). Stop what runs there first.")
        taken.append(lock)
    return taken


def held(data: Path, name: str) -> SqliteDatabase:
    """A database to which nobody else can write while it is open."""
    source = connect(data / f"{name}.db")
    source.migrate(name)
    source.wait_at_most(PATIENCE_SECONDS)
    source.begin()
    return source


def require_target(url: str, folder: Folder) -> None:
    """Raises CannotDo where another shop is at home. Which shop it is, is known by a hash under its key."""
    mark = folder.keys.fact_id("omtanke", "move").hex()
    with closing(PostgresDatabase(url, "log")) as target:
        target.migrate("log")
        target.execute("CREATE TABLE IF NOT EXISTS omtanke.moving (shop text PRIMARY KEY)")
        shops = [row[0] for row in target.execute("SELECT shop FROM omtanke.moving")]
        (has_facts,) = target.execute("SELECT EXISTS (SELECT 1 FROM fact)").fetchone()
        if (has_facts and not shops) or shops not in ([], [mark]):
            raise CannotDo("Another shop is at home in that database. Name an empty one.")
        target.execute("INSERT INTO omtanke.moving (shop) VALUES (?) ON CONFLICT DO NOTHING", (mark,))


def move_staff(data: Path, url: str) -> None:
    """Accounts, sessions and preferences, which Django keeps."""
    os.environ[VARIABLE] = url
    from omtanke.web.moving import move_staff

    move_staff(data)


def say_so(data: Path, url: str) -> None:
    """The settings name the database, before anything else is in them: what follows a table belongs to it."""
    settings, new = data / "omtanke.toml", data / "omtanke.toml.new"
    written = settings.read_text(encoding="utf-8") if settings.exists() else ""
    if tomllib.loads(written).get("database") != url:
        quoted = url.replace("\\", "\\\\").replace('"', '\\"')
        new.write_text(f'database = "{quoted}"\n{written}', encoding="utf-8")
        new.chmod(0o600)  # a password may be in it
        new.rename(settings)
        make_durable(data)


def put_aside(data: Path) -> None:
    """The files that were the shop; they can be deleted when all is well."""
    aside = data / BEFORE
    aside.mkdir(mode=0o700, exist_ok=True)
    for name in (*MIGRATIONS, "staff"):
        for file in data.glob(f"{name}.db*"):
            file.rename(aside / file.name)
