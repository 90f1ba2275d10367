"""Which clock the process runs on."""

from __future__ import annotations

from datetime import datetime

from battuta.adapters.clock.system import SystemClock


def utc_now() -> datetime:
    """Aware UTC time of the process's clock."""
    return SystemClock().now()
