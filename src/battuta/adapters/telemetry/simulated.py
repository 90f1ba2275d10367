"""Telemetry of an invented fleet under other equations than Battuta's own. SYNTHETIC, and labelled so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from battuta.domain.errors import UsageError
from battuta.ports.telemetry import BlockImport
from battuta.world.foreign.fault_words import parse_foreign_fault
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife


class SimulatedTelemetry:
    """Strings of a foreign fleet; see `battuta.ports.telemetry.TelemetrySource`.

    Parameters
    ----------
    seed : int
        Same seed, same bytes.
    n_strings, n_cells, n_days : int
        Strings, cells in series of each, and days of each.
    faults : sequence of str
        What breaks, as ``leak,string=0,cell=17,size=100,start=20``.
    start : datetime
        When it begins; midnight UTC.
    """

    def __init__(
        self,
        seed: int,
        n_strings: int,
        n_cells: int,
        n_days: int,
        faults: Sequence[str] = (),
        start: datetime = datetime(2025, 1, 1, tzinfo=UTC),
    ) -> None:
        self._plan = FleetPlan(
            seed=seed,
            n_strings=n_strings,
            n_cells=n_cells,
            start=start,
            faults=tuple(parse_foreign_fault(words) for words in faults),
        )
        self._n_days = n_days
        self._lives = {f"synthetic-{string:03d}": string for string in range(n_strings)}

    @property
    def refused(self) -> tuple[str, ...]:
        """Nothing is refused."""
        return ()

    def strings(self) -> tuple[str, ...]:
        """Names of the strings."""
        return tuple(self._lives)

    def read(self, string_id: str) -> Iterator[BlockImport]:
        """Live a string day by day; see the port."""
        if string_id not in self._lives:
            message = f"there is no string {string_id}; there are {', '.join(self._lives)}"
            raise UsageError(message)
        life = StringLife(self._plan, self._lives[string_id])
        for _ in range(self._n_days):
            block = life.block(1)
            if block.n_times:
                yield BlockImport(block=block.named(string_id), findings=())
