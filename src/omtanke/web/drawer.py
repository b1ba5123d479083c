"""The one who draws for the pages."""

from __future__ import annotations

import atexit

from omtanke.insight.drawing import Drawer

DRAWER = Drawer()
atexit.register(DRAWER.close)
