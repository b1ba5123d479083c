"""Somebody is erased who came in by every door, of whom colleagues wrote, and to whom we wrote: no byte of the folder or of the logs knows them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from fakes.living import promised
from fakes.marked import MARK, OTHER, Marked, holding
from fakes.sending import sending
from integration.running_door import RunningDoor, running_door
from omtanke.folder import Folder
from omtanke.processes.backing_up import back_up, prune
from omtanke.processes.erasing import find_customer
from omtanke.processes.lake import flow
from omtanke.runtime.hooks import Hook, make_hook
from omtanke.runtime.own_sources import ANSWERS, CONSOLE, OwnSource, wait_until
from omtanke.storage.backup_list import list_backups
from omtanke.storage.databases import read_database
from omtanke.vocabulary.caring import ConsentGiven
from omtanke.vocabulary.fact import Observed
from omtanke.vocabulary.rights import DetailsCorrected, RightsAnswered, RightsExtended, RightsRequested
from omtanke.vocabulary.survey import SurveyCommented
from omtanke.vocabulary.task import CustomerTold, NoteAdded, PromiseRenegotiationRequested, TaskClosed
from senders.payloads import CUSTOMER, RECEIPT, SHOPIFY_ORDER
from senders.test_hooks import SECRET, push

CLOUD = {"specversion": "1.0", "source": "/shop", "time": "2026-11-20T10:00:00Z"}
# Their account in Shopify; that of the payloads is the other's.
ACCOUNTS = {MARK: 115310627314723001, OTHER: 115310627314723002}


def erase(data: Path, email: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "omtanke.cli", "rights", "erase", "--email", email, "--yes", "--data", str(data), "--format", "json"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def marked_payload(payload: dict[str, Any], person: Marked) -> dict[str, Any]:
    """A sender's payload about this person: account, address, name and number are theirs."""
    said = json.dumps(payload).replace(str(CUSTOMER["id"]), str(ACCOUNTS[person.mark])).replace("ann@example.se", person.email)
    said = said.replace('"Ek"', f'"{person.mark}"').replace("Storgatan 1", f"{person.mark} street 1").replace("+46701740605", person.phone)
    said = said.replace("#9999", f"#{person.mark}").replace("820982911946154508", f"82098{ACCOUNTS[person.mark]}").replace("c1-token", f"{person.mark}-token")
    return dict(json.loads(said.replace("lund-1-000417", f"lund-{person.mark}").replace("7700 1234", f"club-{person.mark}")))


def by_the_doors(door: RunningDoor, person: Marked, shopify: Hook, till: Hook) -> None:
    """Tracking calls, CloudEvents, a hook that is signed and one of the till."""
    account = str(ACCOUNTS[person.mark])
    assert door.post("identify", person.message("identify", "door", traits=person.traits())).status == 200
    for topic, payload in (("customers/create", CUSTOMER), ("orders/create", SHOPIFY_ORDER)):
        assert push(door, shopify, marked_payload(payload, person), topic).status == 200
    assert push(door, till, marked_payload(RECEIPT, person)).status == 200
    opened = {"case_id": f"case-{person.mark}", "subject": f"{person.mark} asks", "text": f"{person.mark} wonders"}
    events = [
        {**CLOUD, "id": f"c1-{person.mark}", "type": "se.butik.case.opened", "userid": f"user-{person.mark}", "data": opened},
        {**CLOUD, "id": f"c2-{person.mark}", "type": "se.butik.weather.changed", "anonymousid": f"device-{person.mark}", "data": {"sky": person.mark}},
    ]
    answered = door.call("POST", "/v1/events", json.dumps(events).encode(), door.key, {"content-type": "application/cloudevents-batch+json"})
    assert answered.status == 200, answered.body
    assert door.post("alias", person.message("alias", "shopify", userId=f"user-{person.mark}", previousId=account)).status == 200
    low = {"survey_id": f"survey-{person.mark}", "question": "satisfaction", "scale": "1-5", "score": 1, "comment": f"{person.mark} waited"}
    assert door.post("track", person.message("track", "low", event="Survey Answered", properties=low)).status == 200
    late = [{"kind": "delivery", "until": "2026-11-20", "words": f"{person.mark} by Friday"}]
    bought = {"order_id": f"order-{person.mark}-late", "promises": late}
    assert door.post("track", person.message("track", "late", event="Order Completed", timestamp="2026-11-18T10:00:00Z", properties=bought)).status == 200


def by_ourselves(folder: Folder, person: Marked) -> None:
    """What colleagues do and write, and what the customer adds by a link of ours."""
    inbox, log = folder.inbox(), folder.log()
    how = (folder.settings.zone, folder.settings.currency, folder.clock)
    console, answers = OwnSource(inbox, CONSOLE, *how), OwnSource(inbox, ANSWERS, *how)
    assert wait_until(log.consumed, inbox.last_entry(), 20)
    customer = find_customer(folder.path, user_id=f"user-{person.mark}")

    def act(event: type[Observed], source: OwnSource = console, **said: Any) -> None:
        staff = {"staff": 1} if source is console else {}
        entry = source.put(event, f"{event.type}-{person.mark}-{len(said)}", customer, {**staff, **said})
        assert wait_until(log.consumed, entry, 20)

    act(NoteAdded, note=f"{person.mark} is kind")
    act(RightsRequested, right="access", text=f"What do you know of {person.mark}?")
    (request,) = [fact.body.promise for fact in facts(log, customer, "promise_made") if fact.body.subject_kind == "request"]
    act(RightsExtended, promise=request, why="complex", words=f"{person.mark} has to wait")
    act(RightsAnswered, promise=request, outcome="partly", words=f"{person.mark} has been told")
    act(DetailsCorrected, corrected=["street", "city"], street=f"{person.mark} road 2", city=f"{person.mark} village")
    act(ConsentGiven, purpose="marketing", words=f"{person.mark} said yes on the telephone")
    act(ConsentGiven, answers, purpose="marketing", for_channel="mail", words=f"Yes, write to {person.mark}, please")
    (survey,) = {fact.body.survey for fact in facts(log, customer, "survey_answered")}
    act(SurveyCommented, answers, survey_id=survey, comment=f"{person.mark} is sad")
    tasks = [fact.body.task for fact in facts(log, customer, "task_assigned") if fact.body.task != request]
    assert len(tasks) == 2  # the low answer, and the promise that was broken
    (broken,) = [fact.body.promise for fact in facts(log, customer, "promise_broken")]
    act(CustomerTold, task=tasks[0], words=f"{person.mark}, we are sorry")
    act(PromiseRenegotiationRequested, promise=broken, words=f"{person.mark} by Monday", until="2031-02-03")
    for number, task in enumerate(tasks):
        act(TaskClosed, task=task, outcome="put_right", note=f"{person.mark} is content", **({} if number else {"words": ""}))
    for one in (inbox, log):
        one.close()


def facts(log: Any, customer: int, type_: str) -> list[Any]:
    return [one.fact for one in log.facts_of(log.customers_of(log.customer(customer)[0])) if one.fact.type == type_]


def quarantined(data: Path) -> list[str]:
    """What was wrong with messages that were not understood."""
    with closing(read_database(data, "log")) as log:
        return [f"{path} {rule}" for path, rule in log.execute("SELECT path, rule FROM quarantine")]


class Doors:
    """A folder in which one of two has been erased, with what was so before."""

    def __init__(self, data: Path) -> None:
        self.data, self.logs = data, data.parent / "processes.log"
        with running_door(data, logs=self.logs) as door:
            shopify, till = make_hook(data / "keys", "shopify", "shopify", SECRET), make_hook(data / "keys", "till", "kassan")
            time.sleep(1.1)  # the door looks at its keys once a second
            for person in (Marked(MARK), Marked(OTHER)):
                by_the_doors(door, person, shopify, till)
                by_ourselves(Folder(data), person)
            wrong = door.post("track", Marked(MARK).message("track", "wrong", event="Order Completed", properties={"email": Marked(MARK).email}))
            assert wrong.status == 400
            time.sleep(1.2)  # the door writes its record down twice a second
            flow(data)
            self.held = holding(data, MARK)
            self.quarantined = quarantined(data)
            self.run = erase(data, Marked(MARK).email)
            self.left = holding(data, MARK)


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    yield Doors(tmp_path_factory.mktemp("doors") / "data")


def test_whoever_came_by_every_door_leaves_no_byte(doors: Doors) -> None:
    assert {"log.db", "inbox.db", "door.db"} <= {name.removesuffix("-wal") for name in doors.held}
    assert (doors.run.returncode, doors.quarantined, doors.left, holding(doors.data, MARK)) == (0, [], [], [])
    assert holding(doors.data, OTHER) != []


def test_logs_of_the_processes_name_nobody(doors: Doors) -> None:
    said = doors.logs.read_text(encoding="utf-8") + doors.run.stdout + doors.run.stderr
    assert said.strip()
    assert [mark for mark in (MARK, OTHER) if mark.lower() in said.lower()] == []


def test_an_identifier_in_a_code_or_touchpoint_is_counted_and_said(tmp_path: Path) -> None:
    with running_door(tmp_path / "data") as door:
        person = Marked(MARK)
        assert door.post("identify", person.message("identify", "one", traits=person.traits())).status == 200
        shipped = {"order_id": "10482", "carrier": f"Anna {MARK} herself"}
        assert door.post("track", person.message("track", "code", event="Order Shipped", properties=shipped)).status == 200
        context = {"touchpoint": f"my-page/user-{MARK}"}
        assert door.post("track", person.message("track", "place", event="Cart Viewed", properties={"cart_id": "k"}) | {"context": context}).status == 200
        assert (
            door.post(
                "track", person.message("track", "mail", event="Cart Viewed", properties={"cart_id": "k"}) | {"context": {"touchpoint": person.email}}
            ).status
            == 200
        )
        with closing(Folder(door.data).log()) as log, closing(Folder(door.data).inbox()) as inbox:
            assert wait_until(log.consumed, inbox.last_entry(), 20)
        run = erase(door.data, person.email)
    (receipt,) = json.loads(run.stdout)
    assert (receipt["status"], receipt["went"]["codes"]) == ("partly_done", 2)
    assert {name.removesuffix("-wal") for name in holding(tmp_path / "data", MARK)} == {"log.db"}


def silent(what: str, done: int, of: int) -> None:
    """Progress that nobody reads."""


def test_a_mail_that_was_sent_is_known_nowhere_afterwards_and_in_no_back_up_past_its_date(tmp_path: Path) -> None:
    data = tmp_path / "shop"
    with sending(data, "order_confirmed") as here:
        here.shop.tell_of("maja", {"name": f"{MARK} Lindqvist", "email": Marked(MARK).email, "locale": "sv-SE"})
        here.shop.hear(
            "maja", "Order Completed", order_id=f"order-{MARK}", products=[{"sku": "T3", "name": f"{MARK}s skor"}], promises=[promised("2026-11-19", MARK)]
        )
        here.shop.work()
        here.send()
        (mail,) = here.mailbox.mails
        assert (MARK in str(mail["To"]), MARK in mail.get_body(("plain",)).get_content()) == (True, True)  # type: ignore[union-attr]
        assert len(here.shop.facts("message_sent")) == 1
    assert {"log.db", "inbox.db"} <= {name.removesuffix("-wal") for name in holding(data, MARK)}
    kept = back_up(data, tmp_path / "backups", 1, silent)
    run = erase(data, Marked(MARK).email)
    assert (run.returncode, holding(data, MARK), MARK.lower() in (run.stdout + run.stderr).lower()) == (0, [], False)
    assert {name.partition("/")[0] for name in holding(tmp_path, MARK)} == {"backups"}
    list_backups(data, [replace(kept, keep_until=kept.made_at)])
    assert (prune(data), holding(tmp_path, MARK)) == ([Path(kept.folder)], [])
