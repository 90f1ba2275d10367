"""The published field set of LFP systems of eight cells in series that came with BattGP: a CSV per system.

Names of columns and files are those that the published reader of the set takes (BSD-3). It shows the sign, too: it
computes resistances as (U - OCV) / I, and adds the converter's current to that of the battery, so both are positive in
charge. Not verified against the data themselves: the name of the first column, which holds the time; the zone of the
time, which therefore has to be stated; and the units V, A and degC, which no text spells out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from battuta.adapters.telemetry.csv_table import read_header
from battuta.adapters.telemetry.plausible import PlausibleRange
from battuta.adapters.telemetry.wide_csv import WideCsvTelemetry
from battuta.adapters.telemetry.wide_layout import WideLayout
from battuta.domain.errors import DataError, UsageError
from battuta.ports.telemetry import BlockImport

PREFIX = "data_sys_"
"""What the names of the files begin with; the rest names the system."""
N_CELLS = 8
IGNORED = (
    "U_Battery",
    "SOC_Battery",
    "U_CR",
    "I_CR",
    *(f"{name}_Cell_{cell}" for cell in range(1, N_CELLS + 1) for name in ("T_CNV", "SOC")),
)
"""Columns of the set that a block has no place for: sums, estimates, temperatures of converters."""


def field_layout(time: str, clock: str) -> WideLayout:
    """Return the layout of the set.

    Parameters
    ----------
    time : str
        The first column.
    clock : str
        What its labels show, as in `WideLayout`: the set does not tell its zone.

    Returns
    -------
    WideLayout
        Four temperatures for eight cells, and the current of each cell's converter as its balancer.
    """
    return WideLayout(
        time=time,
        clock=clock,
        voltage="U_Cell_{n}",
        voltage_unit="V",
        current="I_Battery",
        current_unit="A",
        current_sign="charge_positive",
        temperature="Temperature_{n}",
        temperature_unit="degC",
        balancer="I_CNV_Cell_{n}",
        balancer_unit="A",
        balancer_sign="charge_positive",
    )


class BattGpTelemetry:
    """Reads the field set, a system after the other; a `battuta.ports.telemetry.TelemetrySource`.

    Parameters
    ----------
    path : str or Path
        Folder in which the archive was unpacked, or one of its files.
    clock : str
        What the times show, as in `WideLayout`.
    limits : PlausibleRange, optional
        What a sensor can have measured.
    seen_ns : mapping of str to int, optional
        Last row of each system that an earlier run has seen. [ns]

    Raises
    ------
    DataError
        If there is no file of the set that can be opened.
    """

    __slots__ = ("_of_system", "_refused", "source")

    def __init__(
        self,
        path: str | Path,
        *,
        clock: str,
        limits: PlausibleRange | None = None,
        seen_ns: Mapping[str, int] | None = None,
    ) -> None:
        self.source = str(path)
        place = Path(path)
        paths = sorted(place.glob(f"{PREFIX}*.csv")) if place.is_dir() else [place]
        self._of_system: dict[str, WideCsvTelemetry] = {}
        refused: list[str] = []
        for each in paths:
            system = each.stem.removeprefix(PREFIX)
            try:
                layout = field_layout(read_header(each, ",")[0], clock)
                self._of_system[system] = WideCsvTelemetry(
                    each, layout, string_id=system, limits=limits, ignored=IGNORED, seen_ns=seen_ns
                )
            except DataError as error:
                refused.append(str(error))
        self._refused = tuple(refused)
        if not self._of_system:
            reasons = "".join(f"\n  - {reason}" for reason in refused)
            message = f"{path} holds no usable file {PREFIX}*.csv; name the folder field_data of the archive{reasons}"
            raise DataError(message)

    @property
    def refused(self) -> tuple[str, ...]:
        """Files that could not be opened and are left out, each with its reason; empty if all is well."""
        return self._refused

    def strings(self) -> tuple[str, ...]:
        """Names of the systems."""
        return tuple(sorted(self._of_system))

    def cell_names(self, string_id: str) -> tuple[str, ...]:
        """Columns of the cells of a system in their order."""
        return self._of_system[string_id].cell_names(string_id)

    def read(self, string_id: str) -> Iterator[BlockImport]:
        """Read a system block by block.

        Parameters
        ----------
        string_id : str
            One of `strings`.

        Yields
        ------
        BlockImport
            A block of one UTC day, and what was seen.
        """
        if string_id not in self._of_system:
            message = f"{self.source} has no system {string_id!r}; it has {', '.join(self.strings())}"
            raise UsageError(message)
        yield from self._of_system[string_id].read(string_id)
