"""`omtanke suggest-links`: reads the log and writes to `suggestions.db`, beside whatever else is running."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from omtanke.folder import Folder
from omtanke.runtime.suggesting import Progress, Searched, suggest
from omtanke.storage.tellings import Tellings


def suggest_links(data: Path, limit: int, progress: Progress) -> Searched:
    """Look through all persons of a folder for those who are perhaps one."""
    folder = Folder(data)
    folder.log().close()  # brings an older log to today's format
    with closing(Tellings(data)) as tellings, closing(folder.suggestions()) as suggestions:
        return suggest(tellings, suggestions, folder.settings.country, limit, folder.clock(), progress)
