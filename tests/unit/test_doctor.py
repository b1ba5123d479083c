"""`omtanke doctor`: each thing that can be wrong is made so, and found with its value, rule and way out; nothing is changed."""

from __future__ import annotations

import json
import sqlite3
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from fakes.certificates import certified
from fakes.files import bytes_of, copied
from fakes.living import MAJA, Living
from fakes.poison import QUOTED, poison
from omtanke import cli
from omtanke.flow import LakeFlow
from omtanke.folder_clock import wall_clock
from omtanke.playbook import write_shipped
from omtanke.processes.doctor import examine
from omtanke.processes.doctor_house import certificate
from omtanke.processes.finding import Level
from omtanke.runtime.hooks import make_hook
from omtanke.storage.backup_list import list_backups
from omtanke.storage.erasing import Backup
from omtanke.vocabulary.time import DAY, HOUR


@pytest.fixture(autouse=True)
def built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever Python runs the tests, it was built as it ought to be."""
    monkeypatch.setattr(sys, "base_prefix", "/usr")


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which nothing is wrong."""
    living = Living(tmp_path_factory.mktemp("well") / "data")
    living.now = wall_clock()
    living.restart()
    living.meet(MAJA)
    living.hear(MAJA, "Order Completed", order_id="1")
    living.work()
    living.folder.outbox().close()
    LakeFlow(living.folder).flush()
    living.close()
    (living.folder.path / "omtanke.toml").write_text("pages_port = 1\ndoor_port = 2\n", encoding="utf-8")
    list_backups(living.folder.path, [Backup(str(living.folder.path), wall_clock() - DAY, wall_clock() + DAY)])
    return living.folder.path


@pytest.fixture
def data(well: Path, tmp_path: Path) -> Path:
    """A copy of it, to be broken."""
    return copied(well, tmp_path / "data")


def found(data: Path) -> list[tuple[str, str, str]]:
    return [(one.check, one.level.value, one.value) for one in examine(data).findings]


def of_check(data: Path, check: str) -> list[str]:
    return [value for name, _, value in found(data) if name == check]


def again(data: Path) -> Living:
    """The shop of the folder, whose messages have other ids than before."""
    living = Living(data)
    living._told = 1_000
    return living


def settings(data: Path, text: str) -> None:
    (data / "omtanke.toml").write_text("pages_port = 1\ndoor_port = 2\n" + text, encoding="utf-8")


def test_folder_in_which_nothing_is_wrong(data: Path) -> None:
    assert found(data) == []


def test_nothing_is_changed(data: Path) -> None:
    def everything() -> dict[str, tuple[str, int]]:
        files = (path for path in data.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal")))
        return {str(path): (sha256(bytes_of(path)).hexdigest(), path.stat().st_mtime_ns) for path in files}

    before = everything()
    examine(data, is_thorough=True)
    assert everything() == before


def test_every_finding_has_a_value_a_rule_and_a_way_out(data: Path) -> None:
    settings(data, "host = '0.0.0.0'\nlocale = 'fi'\n")
    (data / "backups.json").unlink()
    for one in examine(data).findings:
        assert all(len(text) > 5 for text in (one.value, one.rule, one.way_out)), one


def test_settings_with_faults_are_all_named(data: Path) -> None:
    settings(data, "locale = 'fi'\nrisk_burst = 1\n")
    assert of_check(data, "settings") == ["locale: 'fi' is not one of sv, en", "risk_burst: 1 is too few; choose 2 or more"]


def test_blocked_value_that_is_none_is_named_with_all_other_faults(data: Path) -> None:
    settings(data, f"locale = 'fi'\nblocked_values = ['kassa-1', ' ', '{'x' * 321}']\n")
    rule = "is not the value of an identifier; write 1 to 320 characters"
    assert of_check(data, "settings") == [
        "locale: 'fi' is not one of sv, en",
        f"blocked_values: ' ' {rule}",
        f"blocked_values: {'x' * 321!r} {rule}",
    ]


def test_secret_that_is_needed_and_not_there(data: Path) -> None:
    settings(data, '[mail]\nhost = "mail.shop.example"\nuser = "omtanke"\nsender = "o@shop.example"\n')
    assert of_check(data, "settings") == ["keys/mail.secret is not there"]


def test_playbook_that_speaks_to_nobody_and_keys_that_its_mail_needs(data: Path) -> None:
    (data / "playbook").mkdir()
    assert of_check(data, "settings") == ["no server takes mail to customers"]
    server = 'host = "smtp.shop.example"\nuser = "o"\nsender = "o@shop.example"\ndkim_selector = "o"\ndkim_domain = "shop.example"\n'
    settings(data, f'pages_address = "https://o.shop.example"\n[customer_mail]\n{server}')
    assert of_check(data, "settings") == ["keys/customer_mail.secret is not there", "keys/dkim.key is not there"]
    by_sms = '[customer_sms]\nprovider = "46elks"\nsender = "Butiken"\nuser = "u1"\n'
    settings(data, f'pages_address = "https://o.shop.example"\n{by_sms}')
    assert of_check(data, "settings") == [
        *("keys/customer_sms.secret is not there", "no server takes mail to customers", "there is no hook for 46elks", "door_address is not said")
    ]
    make_hook(data / "keys", "46elks", "46elks")
    settings(data, f'pages_address = "https://o.shop.example"\ndoor_address = "https://in.shop.example"\n{by_sms}')
    assert of_check(data, "settings") == ["keys/customer_sms.secret is not there", "no server takes mail to customers"]


def test_message_that_a_play_says_as_text_message_too_and_that_has_none(data: Path) -> None:
    write_shipped(data / "playbook")
    (data / "playbook" / "messages" / "order_sent" / "sms.en.txt").unlink()
    sms = '[customer_sms]\nprovider = "46elks"\nsender = "Butiken"\nuser = "u1"\n'
    settings(data, f'pages_address = "https://o.shop.example"\ndoor_address = "https://in.shop.example"\n{sms}')
    assert "order_sent has no text message" in of_check(data, "settings")
    assert sum(" has no text message" in one for one in of_check(data, "settings")) == 1
    settings(data, "")
    assert of_check(data, "settings") == ["no server takes mail to customers"]


def test_policy_with_a_fault(data: Path) -> None:
    policy = data / "policy" / "policy.toml"
    policy.write_text(policy.read_text(encoding="utf-8").replace("grace_seconds = 900", "grace_seconds = -1"), encoding="utf-8")
    assert "promises.call_back.grace_seconds: -1" in of_check(data, "policy")[0]


def test_key_that_others_may_read_and_key_that_is_gone(data: Path) -> None:
    (data / "keys" / "store.key").chmod(0o644)
    assert of_check(data, "keys") == ["keys/store.key may be read by others (644)"]
    (data / "keys" / "store.key").unlink()
    assert of_check(data, "keys") == ["keys/store.key has 0 bytes"]


def test_folder_that_others_may_open(data: Path) -> None:
    data.chmod(0o755)
    assert found(data) == [("keys", "look", "the folder may be opened by others (755)")]


def test_disk_that_is_almost_full(data: Path) -> None:
    settings(data, "keep_free_mb = 1_000_000_000\n")
    assert [value.endswith("are free") for value in of_check(data, "disk")] == [True]


def test_database_that_is_broken_and_one_that_is_no_database(data: Path) -> None:
    with sqlite3.connect(data / "log.db") as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    with (data / "log.db").open("r+b") as file:
        file.seek(8 * 4096)
        file.write(b"\xff" * 4096 * 3)
    (data / "door.db").write_bytes(b"this is no database, and long enough to be looked at " * 50)
    values = of_check(data, "databases")
    assert any(value.startswith("log.db") for value in values), values
    assert any(value.startswith("door.db cannot be read") for value in values), values


def test_database_of_a_later_version(data: Path) -> None:
    db = sqlite3.connect(data / "inbox.db")
    db.execute("PRAGMA user_version = 99")
    db.close()
    assert of_check(data, "databases") == ["inbox.db has format 99"]


def test_clock_that_has_gone_back(data: Path) -> None:
    db = sqlite3.connect(data / "inbox.db")
    with db:
        db.execute("UPDATE meta SET value = ? WHERE name = 'last_received_at'", (str(wall_clock() + HOUR),))
    db.close()
    assert of_check(data, "clock") in (["the clock is 3,600 seconds behind the last message"], ["the clock is 3,599 seconds behind the last message"])


def test_messages_that_wait_without_a_worker_and_with_one_that_does_not_get_on(data: Path) -> None:
    living = again(data)
    living.now = wall_clock() - HOUR
    living.hear(MAJA, "Product Viewed", product_id="p")
    db = living.inbox.connection
    db.execute("UPDATE entry SET received_at = ?", (living.now,))
    assert of_check(data, "worker") == ["no worker is at work, and 1 messages wait"]
    lock = living.folder.lock("worker")
    assert lock.try_take()
    assert of_check(data, "worker") == ["1 messages wait, the oldest for 3,600 seconds"]
    assert lock.try_take() is False
    lock.release()
    living.close()


def test_customers_set_aside_and_a_sender_that_cannot_be_understood(data: Path) -> None:
    living = again(data)
    living.now = wall_clock()
    with poison(lambda fact: fact.type == "cart_viewed"):
        living.hear(MAJA, "Cart Viewed", cart_id="k")
        for n in range(25):
            living.hear(MAJA, "Order Completed", order_id="1", total=f"{QUOTED} {n}")
        living.work()
    living.close()
    values = of_check(data, "set aside") + of_check(data, "quarantine")
    assert values[0].startswith("1 customers are set aside, 1 facts wait: 1 by Faulty in ")
    assert (values[1], QUOTED in str(examine(data))) == ("25 messages of door within a day: is not an amount; write a number as in 149.50", False)


def test_lake_without_a_file_and_with_a_broken_manifest(data: Path) -> None:
    next((data / "lake").rglob("*.parquet")).unlink()
    assert "files are missing" in of_check(data, "lake")[0]
    (data / "lake" / "manifest.json").write_text("{", encoding="utf-8")
    assert "manifest.json cannot be read" in of_check(data, "lake")[0]


@contextmanager
def answering(status: int, body: bytes) -> Iterator[int]:
    """A server on a port of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_port_that_somebody_else_has_and_process_that_is_not_well(data: Path) -> None:
    with answering(200, b"hello") as other, answering(503, b'{"status":"failing","role":"door","wrong":["the disk is almost full"]}') as door:
        (data / "omtanke.toml").write_text(f"pages_port = {other}\ndoor_port = {door}\n", encoding="utf-8")
        assert of_check(data, "ports") == [f"port {other} belongs to something that is not ours", "door is not well: the disk is almost full"]


def test_host_that_the_pages_do_not_know_and_pages_without_tls(data: Path) -> None:
    settings(data, "host = '0.0.0.0'\npages_address = 'http://omtanke.shop.example'\n")
    assert of_check(data, "hosts") == ["pages_address names omtanke.shop.example", "the pages listen on 0.0.0.0 without TLS"]


@pytest.mark.parametrize(("is_trusted", "said"), [(False, "localhost: self-signed certificate"), (True, "localhost: ends ")])
def test_certificate_that_does_not_verify_and_one_that_ends_soon(tmp_path: Path, is_trusted: bool, said: str) -> None:
    served, trusting = certified("localhost", tmp_path)
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = served.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=shake_hands, args=(server,))
    thread.start()
    (finding,) = certificate("localhost", server.server_port, wall_clock(), trusting if is_trusted else None)
    thread.join(5)
    server.server_close()
    assert (finding.check, finding.level, finding.value.startswith(said)) == ("certificate", Level.WRONG, True), finding


def shake_hands(server: HTTPServer) -> None:
    connection, _ = server.socket.accept()
    with suppress(OSError):
        connection.do_handshake()  # type: ignore[attr-defined]
    connection.close()


@pytest.mark.parametrize(
    ("prefix", "options", "said"),
    [
        ("/usr", "'--enable-shared'", []),
        ("/opt/python", "'--enable-optimizations' '--with-lto'", []),
        ("/opt/python", "'--enable-shared'", ["/opt/python was built without optimisations"]),
        ("/opt/python", None, ["/opt/python was built without optimisations"]),
    ],
)
def test_python(data: Path, monkeypatch: pytest.MonkeyPatch, prefix: str, options: str | None, said: list[str]) -> None:
    monkeypatch.setattr(sys, "base_prefix", prefix)
    monkeypatch.setattr(sysconfig, "get_config_var", {"CONFIG_ARGS": options}.get)
    assert of_check(data, "python") == said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: (data / "backups.json").unlink(), ("back-up", "look", "this folder has never been backed up")),
        (lambda data: list_backups(data, [Backup("gone", wall_clock(), wall_clock() + DAY)]), ("back-up", "look", "gone cannot be seen from here")),
    ],
)
def test_backups(data: Path, change: Callable[[Path], None], said: tuple[str, str, str]) -> None:
    change(data)
    assert found(data) == [said]


def test_old_backup(data: Path) -> None:
    list_backups(data, [Backup(str(data), wall_clock() - 30 * DAY, wall_clock() + DAY)])
    assert [value.startswith("the newest is of ") for value in of_check(data, "back-up")] == [True]


def test_command_says_it_and_how_it_ended(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["doctor", "--data", str(data)]) == 0
    assert capsys.readouterr().out == f"{data}: 12 checks. Nothing is wrong.\n"
    (data / "keys" / "store.key").chmod(0o644)
    assert cli.main(["doctor", "--json", "--data", str(data)]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["is_well"], [one["check"] for one in said["findings"]], said["findings"][0]["way_out"][:12]) == (False, ["keys"], "chmod go-rwx")
    assert cli.main(["doctor", "--data", str(data / "nowhere")]) == 2
