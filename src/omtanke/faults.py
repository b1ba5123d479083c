"""What a command can be refused for: said as it is, without a traceback."""

from __future__ import annotations

from omtanke.engine.policy import PolicyFaults
from omtanke.settings import SettingsFaults
from omtanke.storage.sqlite import TooNew
from omtanke.vocabulary.refusal import Refused


class CannotDo(RuntimeError):
    """What was asked cannot be done here; the text says why and what to do."""


FAULTS = (CannotDo, PolicyFaults, SettingsFaults, TooNew, Refused, FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError)
