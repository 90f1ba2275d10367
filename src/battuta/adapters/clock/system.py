"""The machine's own clock."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """`battuta.ports.clock.Clock` by the operating system."""

    def now(self) -> datetime:
        """Aware UTC time of the machine."""
        return datetime.now(UTC)
