"""From the log into the lake."""

from __future__ import annotations

from omtanke.folder import Folder
from omtanke.runtime.working import wall_clock
from omtanke.storage.lake import Lake


class LakeFlow:
    """Facts flow from the log into the lake; what was replaced a day ago goes. One at a time on a folder."""

    def __init__(self, folder: Folder) -> None:
        self._lake = Lake(folder.lake_path)
        self._lock = folder.lock("lake")
        self._connection = folder.log().connection

    def flush(self) -> int:
        """Everything that is in the log flows on, unless another process is at it; the position that the lake is complete to."""
        if not self._lock.try_take():
            return 0
        try:
            position = self._lake.flush(self._connection)
            self._lake.sweep(wall_clock())
        finally:
            self._lock.release()
        return position
