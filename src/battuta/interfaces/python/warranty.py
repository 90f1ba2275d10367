"""A site's warranty in a notebook: telemetry in, clauses out."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import polars as pl

from battuta.app.warranty_watch import WarrantyQuestion, WatchedWarranty, watched_warranty
from battuta.domain.errors import UsageError
from battuta.interfaces.python.arguments import require_numbers, require_path, require_text
from battuta.interfaces.python.tables import notebook_html
from battuta.twin.warranty_logged import LoggedWarranty
from battuta.twin.warranty_pace import used_up_on

WHERE = "bt.watch_warranty"


class WarrantyWatch:
    """A warranty as a site's record has it.

    Parameters
    ----------
    found : WatchedWarranty
        What came of it.
    """

    def __init__(self, found: WatchedWarranty) -> None:
        self._found = found

    @property
    def logged(self) -> LoggedWarranty:
        """Clause by clause, with what each year came to and what was left out of the record."""
        return self._found.logged

    @property
    def is_synthetic(self) -> bool:
        """Whether a record says that it is made up."""
        return self._found.is_synthetic

    @property
    def first_breach(self) -> datetime | None:
        """Instant of the first breach of any clause, UTC."""
        return self.logged.first_breach

    @property
    def table(self) -> pl.DataFrame:
        """One row per clause: whose it is, limit, least margin, first breach, and when a total is used up."""
        return pl.DataFrame(
            [
                {
                    "clause": each.name,
                    "kind": each.kind.value,
                    "limit": each.limit,
                    "margin": each.margin,
                    "unit": each.unit,
                    "first_breach": each.first_breach,
                    "used_up_on": used_up_on(each, self.logged.hours_on_record, self.logged.as_of),
                    "text": each.text,
                }
                for each in self.logged.clauses
            ],
            schema_overrides={
                "first_breach": pl.Datetime("us", "UTC"), "used_up_on": pl.Datetime("us", "UTC"),
            },
        )  # fmt: skip

    def __repr__(self) -> str:
        """Show the clauses as text."""
        label = "SYNTHETIC: " if self.is_synthetic else ""
        return f"{label}{self.logged.warranty.name} as of {self.logged.as_of.isoformat()}\n{self.table}"

    def _repr_html_(self) -> str:
        """Show the clauses in a notebook."""
        return notebook_html(self.table)


def watch_warranty(
    terms: str | Path,
    telemetry: str | Path,
    *,
    start: date,
    installed_mwh: float,
    opened: datetime | None = None,
    full_cycles_before: float | None = None,
    discharged_mwh_before: float | None = None,
    until: datetime | None = None,
    capacity_tests: str | Path | None = None,
    state: str | Path | None = None,
) -> WarrantyWatch:
    """Hold a site's telemetry against its warranty.

    Parameters
    ----------
    terms : str or Path
        Warranty file, or the name of a warranty that ships.
    telemetry : str or Path
        CSV or Parquet with ``time``, ``soc``, ``temperature_c``, ``power_kw``, or a folder of such files.
    start : date
        First day of the warranty; it begins at midnight UTC.
    installed_mwh : float
        Energy when new. [MWh]
    opened, until : datetime or None
        When records begin and as of when is judged, aware; the start and the last record if left out.
    full_cycles_before, discharged_mwh_before : float or None
        What was used before records begin; where they begin later than the warranty and it is left out, totals are not
        judged. [-], [MWh]
    capacity_tests : str, Path or None
        File with ``time`` and ``soh_capacity``.
    state : str, Path or None
        File to go on from, and in which to keep where the next look is to go on from.

    Returns
    -------
    WarrantyWatch
        Clause by clause.

    Raises
    ------
    DataError, UsageError, InvalidQuantityError
        If a file cannot be read, or what is given cannot be; the message says what, where and how to mend it.
    """
    _require_times(start, opened=opened, until=until)
    named = str(terms) if isinstance(terms, Path) else terms
    require_text(WHERE, terms=named)
    require_numbers(
        WHERE,
        installed_mwh=installed_mwh,
        full_cycles_before=full_cycles_before,
        discharged_mwh_before=discharged_mwh_before,
    )
    return WarrantyWatch(
        watched_warranty(
            WarrantyQuestion(
                terms=named,
                telemetry=require_path(WHERE, "telemetry", telemetry),
                start=start,
                installed_mwh=float(installed_mwh),
                opened=opened,
                full_cycles_before=full_cycles_before,
                discharged_mwh_before=discharged_mwh_before,
                until=until,
                capacity_tests=None
                if capacity_tests is None
                else require_path(WHERE, "capacity_tests", capacity_tests),
                state=None if state is None else require_path(WHERE, "state", state),
            )
        )
    )


def _require_times(start: object, **moments: object) -> None:
    if isinstance(start, datetime) or not isinstance(start, date):
        message = f"{WHERE}: start = {start!r} is no date; write datetime.date(2027, 1, 1)"
        raise UsageError(message)
    for name, moment in moments.items():
        if moment is not None and (not isinstance(moment, datetime) or moment.tzinfo is None):
            message = f"{WHERE}: {name} = {moment!r} is no instant of a zone; write datetime(2027, 6, 1, tzinfo=UTC)"
            raise UsageError(message)
