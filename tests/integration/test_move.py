"""A shop moves from its folder into PostgreSQL: killed on the way, it goes on; afterwards all is there, and nobody writes to the files any more."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fakes.postgres import Cluster
from omtanke.bootstrap import check_folder
from omtanke.folder import Folder
from omtanke.insight.ask import ask
from omtanke.storage.postgres import PostgresDatabase
from omtanke.storage.sqlite import connect
from omtanke.vocabulary.fact import Mode

STAFF = "from pathlib import Path; import sys; from omtanke.web.app import demo_link; demo_link(Path(sys.argv[1]))"


def omtanke(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "omtanke.cli", *words], capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop in files, with customers, staff and a receiver."""
    data = tmp_path_factory.mktemp("moving") / "data"
    assert omtanke("demo", "--no-serve", "--customers", "150", "--data", str(data)).returncode == 0
    subprocess.run([sys.executable, "-c", STAFF, str(data)], check=True)
    outbox = Folder(data).outbox()
    for n in range(3):
        outbox.receivers.add(f"https://shop.example/{n}", ["promise_made"], "", 0, "whsec", 1)
    outbox.close()
    (data / "omtanke.toml").write_text('locale = "en"\n[mail]\nhost = ""\n', encoding="utf-8")
    return data


def answers(data: Path) -> list[str]:
    return [ask(data, question, as_of=None, by=None, zone="Europe/Stockholm").render("csv") for question in ("promises", "overview")]


def test_shop_moves_whole_and_can_be_interrupted(shop: Path, postgres: Cluster, database_url: str) -> None:
    wanted, held = answers(shop), sqlite3.connect(shop / "inbox.db", isolation_level=None)
    for seconds in (0.9, 1.2, 1.6):
        process = subprocess.Popen([sys.executable, "-m", "omtanke.cli", "move", "--to", database_url, "--data", str(shop)], stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        process.kill()
        process.wait()
    moved = omtanke("move", "--to", database_url, "--data", str(shop))
    assert (moved.returncode, "compared row by row" in moved.stdout) == (0, True), moved.stderr
    assert sorted(path.name for path in (shop / "before-move").glob("*.db")) == ["inbox.db", "log.db", "outbox.db", "staff.db"]
    assert (shop / "omtanke.toml").stat().st_mode & 0o777 == 0o600
    with pytest.raises(sqlite3.Error, match=r"moved to PostgreSQL|disk I/O"):
        held.execute("INSERT INTO source (name, mode, zone, currency) VALUES ('late', 'live', 'UTC', 'SEK')")
    held.close()
    assert answers(shop) == wanted
    *_, checked = check_folder(shop)
    assert checked.is_clean and checked.facts > 1_000
    _goes_on(shop, database_url)


def _goes_on(shop: Path, url: str) -> None:
    """Numbers go on where they were, and staff are there."""
    folder = Folder(shop)
    inbox, outbox = folder.inbox(), folder.outbox()
    assert inbox.source("till", Mode.LIVE, "Europe/Stockholm", "SEK").source == len(inbox.sources())
    assert outbox.receivers.add("https://shop.example/4", ["promise_made"], "", 0, "whsec", 1) == 4
    before = connect(shop / "before-move" / "staff.db", read_only=True)
    here, there = PostgresDatabase(url, "staff", read_only=True), "SELECT email, name, role FROM accounts_staff ORDER BY id"
    assert here.execute(there).fetchall() == before.execute(there).fetchall()
    assert here.execute("SELECT pg_typeof(is_active)::text FROM accounts_staff LIMIT 1").fetchone() == ("boolean",)
    for one in (inbox, outbox, before, here):
        one.close()
    (shop / "before-move" / "log.db").rename(shop / "log.db")  # as if it had been killed before the last of them was put aside
    again = omtanke("move", "--to", url, "--data", str(shop))
    assert (again.returncode, (shop / "log.db").exists(), (shop / "before-move" / "log.db").exists()) == (0, False, True), again.stderr
    other = omtanke("move", "--to", f"{url}&application_name=other", "--data", str(shop))
    assert (other.returncode, "no log.db" in other.stderr) == (2, True)


def test_database_of_another_shop_is_left_alone(tmp_path: Path, postgres: Cluster, database_url: str) -> None:
    for name in ("one", "two"):
        Folder(tmp_path / name).log().close()
    assert omtanke("move", "--to", database_url, "--data", str(tmp_path / "one")).returncode == 0
    refused = omtanke("move", "--to", database_url, "--data", str(tmp_path / "two"))
    assert (refused.returncode, "Another shop is at home" in refused.stderr) == (2, True)
    assert (tmp_path / "two" / "log.db").exists()


def test_a_server_that_does_not_answer_is_said_so(tmp_path: Path) -> None:
    Folder(tmp_path / "one").log().close()
    refused = omtanke("move", "--to", "postgresql://omtanke@127.0.0.1:1/shop", "--data", str(tmp_path / "one"))
    assert (refused.returncode, "Traceback" in refused.stderr, "PostgreSQL" in refused.stderr) == (2, False, True)
    assert (tmp_path / "one" / "log.db").exists()
