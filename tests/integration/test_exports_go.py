"""Copies of everything about somebody go by themselves, by the process that is always there."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from omtanke.folder import Folder
from omtanke.folder_clock import wall_clock
from omtanke.processes.addresses import Addresses
from omtanke.processes.dispatch import Letters, _look, to_customers
from omtanke.processes.drifting import Drifting
from omtanke.runtime.dispatch_watch import Watch
from omtanke.runtime.exports import Exports
from omtanke.storage.outbox_facts import Facts
from omtanke.vocabulary.time import DAY


def test_copy_goes_after_the_days_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "omtanke.toml").write_text("exports_kept_days = 7\n", encoding="utf-8")
    folder, exports = Folder(tmp_path), Exports(tmp_path)
    inbox = folder.inbox()
    folder.log().close()
    for customer, days in ((1, 6), (2, 8)):
        with exports.making(customer, wall_clock() - days * DAY) as (archive, _):
            archive.writestr("data.json", "{}")
    outbox, facts, stopping = folder.outbox(), Facts(tmp_path), asyncio.Event()
    stopping.set()
    addresses = Addresses(folder, None, None, None)
    letters = Letters(folder, outbox, addresses, folder.clock)
    with ThreadPoolExecutor(1) as pool:
        customers = to_customers(folder, addresses, outbox, facts, inbox, pool)
        watch = Watch(outbox, facts.is_subject, 20)
        drifting = Drifting(tmp_path, watch, folder.clock, facts.policy)
        asyncio.run(_look(letters, drifting, outbox, facts, watch, customers, folder, stopping))
    assert [one.customer for one in exports.all()] == [1]
    facts.close()
    outbox.close()
    inbox.close()
