"""`omtanke suggest-links`: reads the log and writes to `suggestions.db`, beside whatever else is running."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from pathlib import Path

from omtanke.folder import Folder
from omtanke.runtime.matching import matchable
from omtanke.runtime.suggesting import Progress, Searched, suggest
from omtanke.storage.pages import Pages
from omtanke.storage.tellings import Tellings


def suggest_links(data: Path, limit: int, progress: Progress) -> Searched:
    """Look through all persons of a folder for those who are perhaps one."""
    folder = Folder(data)
    with closing(Pages(data)) as pages, closing(Tellings(data)) as tellings, closing(folder.suggestions()) as suggestions:
        may_be = partial(matchable, pages, policy=folder.policy())
        return suggest(tellings, suggestions, folder.settings.country, limit, folder.clock(), progress, may_be)
