"""PostgreSQL: a database is a schema, `omtanke_log` and the like."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from typing import Any, TypeVar

import psycopg
from psycopg.abc import Buffer
from psycopg.types.numeric import IntDumper
from psycopg.types.string import StrBinaryDumper, StrDumperUnknown

from omtanke.storage.database import PostgresError, Rows, TooNew, Values
from omtanke.storage.postgres_statements import Column, Form, array_of, form_of, in_postgres, of_many
from omtanke.storage.statements import script

# Versions of each schema: (number, file of statements that lead to it from the one before).
FORMATS = {"inbox": 1, "log": 5, "outbox": 2, "door": 1, "suggestions": 1}
MIGRATIONS = {name: tuple((number, f"postgres/{name}/format_{number}.sql") for number in range(1, last + 1)) for name, last in FORMATS.items()}
FUNCTIONS = "postgres/functions.sql"
BUSY_SECONDS = 30.0
PATIENCE_SECONDS = 10
WAIT_SECONDS = 0.25
# COPY takes less work for each row, but cannot go with others, and two answers have to be waited for: fewer rows go as an array.
COPIED_FROM = 200

T = TypeVar("T")


# Values


class TextWithoutNul(StrDumperUnknown):
    """PostgreSQL holds no NUL in a text."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", "�"))


class TextWithoutNulInBinary(StrBinaryDumper):
    """The same where rows are copied."""

    def dump(self, obj: str) -> Buffer | None:
        return super().dump(obj.replace("\0", "�"))


class ColumnAsItIs(psycopg.adapt.Dumper):
    """A column is in PostgreSQL's form already."""

    format = psycopg.pq.Format.BINARY

    def dump(self, obj: Column) -> Buffer | None:
        return obj


class TruthAsNumber(IntDumper):
    """Columns that say yes or no are numbers, as in SQLite."""

    def dump(self, obj: Any) -> Buffer | None:
        return b"1" if obj else b"0"

    def get_key(self, obj: Any, format: Any) -> type:
        return bool

    def upgrade(self, obj: Any, format: Any) -> TruthAsNumber:
        return self


class WholeNumber(psycopg.adapt.Loader):
    """A sum of numbers is a number."""

    def load(self, data: Buffer) -> int | float:
        text = bytes(data).decode()
        return float(text) if "." in text else int(text)


def said(error: psycopg.Error) -> str:
    """What PostgreSQL says, without the rows that it is about; where nobody answers, who was asked."""
    if error.diag.message_primary:
        return error.diag.message_primary
    return str(error).splitlines()[0] if isinstance(error, psycopg.OperationalError) and str(error) else type(error).__name__


@contextmanager
def translated() -> Iterator[None]:
    """What psycopg raises is raised as PostgresError."""
    try:
        yield
    except psycopg.Error as error:
        raise PostgresError(f"PostgreSQL: {said(error)}") from error


class PostgresDatabase:
    """One connection, made when it is needed, and anew when it has been lost outside a transaction."""

    def __init__(self, url: str, name: str, read_only: bool = False) -> None:
        self._url = url
        self._name = name
        self._read_only = read_only
        self._patience = BUSY_SECONDS
        self._is_begun = self._is_listening = self._is_together = False
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None
        self._pipeline: AbstractContextManager[object] | None = None
        self._forms: dict[str, Form] = {}

    def _connected(self) -> psycopg.Connection[tuple[Any, ...]]:
        if self._connection is not None and not self._connection.closed:
            return self._connection
        if self._is_begun:
            raise PostgresError("PostgreSQL: the connection was lost in the middle of a transaction")
        options = {
            "search_path": f"omtanke_{self._name},omtanke",
            "lock_timeout": str(round(self._patience * 1000)),
            "default_transaction_read_only": "on" if self._read_only else "off",
            "idle_in_transaction_session_timeout": "0",
        }
        self._is_listening = False
        self._connection = psycopg.connect(
            self._url,
            autocommit=True,
            connect_timeout=PATIENCE_SECONDS,
            application_name=f"omtanke {self._name}",
            options=" ".join(f"-c {name}={value}" for name, value in options.items()),
        )
        self._connection.adapters.register_dumper(str, TextWithoutNulInBinary)
        self._connection.adapters.register_dumper(str, TextWithoutNul)
        self._connection.adapters.register_dumper(bool, TruthAsNumber)
        self._connection.adapters.register_dumper(Column, ColumnAsItIs)
        self._connection.adapters.register_loader("numeric", WholeNumber)
        return self._connection

    @contextmanager
    def _asking(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        with translated():
            yield self._connected()

    @contextmanager
    def together(self) -> Iterator[None]:
        """A pipeline from the first statement on; rows that are copied, which no pipeline can carry, go between two of them."""
        self._is_together = True
        try:
            yield
        except BaseException:
            with suppress(PostgresError):  # that nothing more is done is what follows of the first failure
                self._await_answers()
            raise
        finally:
            self._is_together = False
        self._await_answers()

    def _await_answers(self) -> None:
        """Leave the pipeline when everything that has been sent is done. Raises PostgresError for the first that failed."""
        pipeline, self._pipeline = self._pipeline, None
        if pipeline is not None:
            with translated():
                pipeline.__exit__(None, None, None)

    @contextmanager
    def _sending(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        """As `_asking`; together with others where that is wished."""
        with self._asking() as connection:
            if self._is_together and self._pipeline is None:
                pipeline = connection.pipeline()
                pipeline.__enter__()
                self._pipeline = pipeline
            yield connection

    @property
    def in_transaction(self) -> bool:
        return self._is_begun

    def _again(self, ask: Callable[[], T]) -> T:
        """What may be asked twice is asked once more, on a new connection, when the old one turns out to be lost."""
        try:
            return ask()
        except PostgresError:
            if self._is_begun or self._connection is None or not self._connection.closed:
                raise
            return ask()

    def execute(self, statement: str, values: Values = (), /) -> Rows:
        return self._again(lambda: self._execute(statement, values)) if self._read_only else self._execute(statement, values)

    def _execute(self, statement: str, values: Values) -> Rows:
        with self._sending() as connection:
            return connection.execute(in_postgres(statement), values)

    def executemany(self, statement: str, rows: Iterable[Values], /) -> Rows:
        given = list(rows)
        with self._sending() if given else self._asking() as connection:
            cursor = connection.cursor()
            if given:
                cursor.executemany(in_postgres(statement), given)
            return cursor

    def put(self, statement: str, rows: Iterable[Sequence[Any]]) -> Rows:
        given = list(rows)
        if not given:
            return self.executemany(statement, given)
        form = self._form(statement)
        if form.is_plain and not (self._is_together and len(given) < COPIED_FROM):
            return self._copy(form, given)
        with self._sending() as connection:
            return connection.execute(form.of_columns, form.columns_of(given))

    def _copy(self, form: Form, rows: Sequence[Sequence[Any]]) -> Rows:
        self._await_answers()
        with self._asking() as connection:
            cursor = connection.cursor()
            with cursor.copy(form.copied) as copy:
                copy.set_types(form.types)
                for row in rows:
                    copy.write_row(row)
            return cursor

    def find(self, statement: str, keys: Collection[Any]) -> Iterable[Any]:
        if not keys:
            return ()
        type_ = "bytea" if isinstance(next(iter(keys)), bytes) else "bigint"
        return self.execute(of_many(statement, type_), {"key": array_of(keys, type_)})

    def add_new(self, statement: str, rows: Sequence[Sequence[Any]]) -> list[bool]:
        if not rows:
            return []
        form = self._form(statement)
        with self._asking() as connection:
            added = set(connection.execute(f"{form.of_columns} RETURNING {', '.join(form.names)}", form.columns_of(rows)))
        return [_taken(added, tuple(row)) for row in rows]

    def _form(self, statement: str) -> Form:
        if statement not in self._forms:
            self._forms[statement] = form_of(in_postgres(statement), self._types_of)
        return self._forms[statement]

    def _types_of(self, table: str) -> dict[str, str]:
        rows = self.execute("SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0", (table,))
        return dict(rows)

    def begin(self) -> None:
        self._again(lambda: self._begin(f"BEGIN; SELECT pg_advisory_xact_lock(hashtext('omtanke_{self._name}'))"))

    def look(self) -> None:
        self._again(lambda: self._begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))

    def _begin(self, statement: str) -> None:
        with self._asking() as connection:
            connection.execute(statement)
            self._is_begun = True

    def commit(self) -> None:
        if self._is_begun:
            with self._asking() as connection:
                connection.execute("COMMIT")
            self._is_begun = False

    def rollback(self) -> None:
        """Also when the connection has been lost, which gives all up by itself."""
        self._is_begun = False
        if self._connection is not None and not self._connection.closed:
            try:
                self._connection.execute("ROLLBACK")
            except psycopg.Error:
                self._connection.close()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def __del__(self) -> None:
        self.close()

    def has(self, table: str) -> bool:
        return bool(self.execute("SELECT to_regclass(?) IS NOT NULL", (table,)).fetchone()[0])

    def wait_at_most(self, seconds: float) -> None:
        self._patience = seconds
        self.execute(f"SET lock_timeout = {round(seconds * 1000)}")

    def tell(self) -> None:
        self.execute(f"NOTIFY omtanke_{self._name}")

    def listen(self) -> None:
        with self._asking() as connection:
            if not self._is_listening:
                connection.execute(f"LISTEN omtanke_{self._name}")
                self._is_listening = True
            for _ in connection.notifies(timeout=WAIT_SECONDS, stop_after=1):
                pass

    def migrate(self, name: str) -> None:
        wanted = MIGRATIONS[name]
        with self._asking() as connection, connection.transaction():
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('omtanke'))")
            self._found(connection)
            row = connection.execute("SELECT format FROM omtanke.format WHERE database = %s", (name,)).fetchone()
            current = row[0] if row else 0
            if current > wanted[-1][0]:
                raise TooNew(f"The schema omtanke_{name} has format {current}; this version of Omtanke reads up to {wanted[-1][0]}. Install a newer version.")
            for number, path in wanted:
                if number > current:
                    connection.execute(f"CREATE SCHEMA IF NOT EXISTS omtanke_{name}")
                    connection.execute(script(path))
                    connection.execute(
                        "INSERT INTO omtanke.format (database, format) VALUES (%s, %s) ON CONFLICT (database) DO UPDATE SET format = excluded.format",
                        (name, number),
                    )

    def _found(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        """What all schemas share."""
        row = connection.execute("SELECT to_regclass('omtanke.format') IS NOT NULL").fetchone()
        if row and not row[0]:
            connection.execute("CREATE SCHEMA IF NOT EXISTS omtanke")
            connection.execute(script(FUNCTIONS))

    def tidy(self) -> None:
        """Nothing: PostgreSQL's own vacuum does it."""

    def rewrite(self) -> bool:
        """Every table of the schema is written anew: a plain vacuum leaves what has left in the free room of pages."""
        tables = self.execute("SELECT tablename FROM pg_tables WHERE schemaname = ?", (f"omtanke_{self._name}",)).fetchall()
        for (table,) in tables:
            self.execute(f"VACUUM (FULL) {table}")
        return True

    def fold_in(self) -> bool:
        """PostgreSQL's write-ahead log is its own; a receipt says how long it stands there."""
        return True


def _taken(added: set[tuple[Any, ...]], row: tuple[Any, ...]) -> bool:
    """Whether the row is among those added, once."""
    if row not in added:
        return False
    added.remove(row)
    return True


class PostgresLock:
    """What only one process at a time may do in a shop (`worker`, `lake`), on whichever machine; the lock goes with the process."""

    def __init__(self, url: str, name: str) -> None:
        self._db = PostgresDatabase(url, "inbox")
        self._name = name

    def try_take(self) -> bool:
        """Whether this process has the lock now."""
        return bool(self._db.execute("SELECT pg_try_advisory_lock(hashtext(?))", (f"omtanke lock {self._name}",)).fetchone()[0])

    def release(self) -> None:
        self._db.close()


def has_schema(url: str, name: str) -> bool:
    """Whether there is a database of that name."""
    return bool(_asked(url, "SELECT to_regnamespace(?) IS NOT NULL", f"omtanke_{name}"))


def formats_of(url: str) -> dict[str, int]:
    """The format of each database that is there."""
    with closing(PostgresDatabase(url, "log", read_only=True)) as db:
        return dict(db.execute("SELECT database, format FROM omtanke.format").fetchall()) if db.has("omtanke.format") else {}


def is_locked(url: str, name: str) -> bool:
    """Whether a process has the lock of that name."""
    return bool(
        _asked(url, "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = hashtext(?)::oid)", f"omtanke lock {name}")
    )


def make_schema(url: str, name: str) -> None:
    """Room for a database whose tables somebody else makes."""
    with closing(PostgresDatabase(url, name)) as db:
        db.execute(f"CREATE SCHEMA IF NOT EXISTS omtanke_{name}")


def size_of_schema(url: str, name: str) -> int:
    """How many bytes its tables and their indexes take."""
    statement = "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class AS c WHERE c.relkind = 'r' AND c.relnamespace = to_regnamespace(?)"
    return int(_asked(url, statement, f"omtanke_{name}"))


def _asked(url: str, statement: str, value: str) -> Any:
    with closing(PostgresDatabase(url, "log", read_only=True)) as db:
        return db.execute(statement, (value,)).fetchone()[0]
