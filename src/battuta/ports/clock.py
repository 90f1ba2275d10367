"""The promise of a clock: the only way that Battuta learns what time it is."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Says what time it is.

    Promises: `now` is aware and in UTC; it never runs backwards by more than the machine's own clock does; asking has
    no effect.
    """

    def now(self) -> datetime:
        """Aware UTC time."""
        ...
