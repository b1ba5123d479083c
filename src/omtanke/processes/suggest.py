"""`omtanke suggest-links`: reads the log and writes to `suggestions.db`, beside whatever else is running."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from omtanke.engine.consent import may_recognise
from omtanke.folder import Folder
from omtanke.runtime.suggesting import Progress, Searched, suggest
from omtanke.storage.tellings import Tellings


def suggest_links(data: Path, limit: int, progress: Progress) -> Searched:
    """Look through all persons of a folder for those who are perhaps one."""
    folder = Folder(data)
    policy = folder.policy()
    with closing(folder.log()) as log, closing(Tellings(data)) as tellings, closing(folder.suggestions()) as suggestions:

        def is_recognised(person: int) -> bool:
            stored = log.snapshot(person)
            return stored is None or stored.state is None or may_recognise(stored.state.consent, policy)

        return suggest(tellings, suggestions, folder.settings.country, limit, folder.clock(), progress, is_recognised)
