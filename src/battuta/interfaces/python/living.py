"""Living runs as a notebook shows them: simulated sites come alive, with tables and plots of what came of them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from battuta.app.living_request import RunRequest
from battuta.app.living_setup import living_site
from battuta.app.pace import parse_duration_s
from battuta.app.prices import synthetic_prices
from battuta.domain.asset import Site
from battuta.domain.errors import UsageError
from battuta.domain.prices import PriceSeries
from battuta.interfaces.python.living_files import keep_run, write_report
from battuta.interfaces.python.living_tables import delivery_frame
from battuta.interfaces.python.tables import notebook_html
from battuta.interfaces.python.trace_tables import alarm_frame, trace_frame
from battuta.interfaces.reports.living_record import LivingRecord

if TYPE_CHECKING:
    from battuta.app.replay import ReplayResult
    from battuta.interfaces.cli.output import Json
    from battuta.interfaces.reports.plotly_figure import Figure

MARKET_DAYS = 400
"""Days of the synthetic market that a run without prices is the last of."""


class RunPlots:
    """Plots of a run; each returns a plotly figure."""

    def __init__(self, record: LivingRecord) -> None:
        self._record = record

    def power(self) -> Figure:
        """Price, power of all batteries and at all meters."""
        from battuta.interfaces.reports.living_figures import power_figure

        return power_figure(self._record)

    def soc(self) -> Figure:
        """State of charge: median site, the middle 80 % of the sites, extremes."""
        from battuta.interfaces.reports.living_figures import soc_figure

        return soc_figure(self._record)

    def temperature(self) -> Figure:
        """Hottest and coldest cell of all sites, coolant, and air outside."""
        from battuta.interfaces.reports.living_figures import temperature_figure

        return temperature_figure(self._record)

    def frequency(self) -> Figure:
        """Lowest and highest frequency of each step, and events."""
        from battuta.interfaces.reports.living_figures import frequency_figure

        return frequency_figure(self._record)

    def owners(self) -> Figure:
        """How many sites followed whose wish."""
        from battuta.interfaces.reports.living_figures import owners_figure

        return owners_figure(self._record)


class Run:
    """A living run that is over.

    Parameters
    ----------
    record : LivingRecord
        Everything that was kept in memory.
    folder : Path
        Where its files lie.
    summary : dict
        The object that ``battuta run --json`` prints.
    """

    def __init__(self, record: LivingRecord, folder: Path, summary: dict[str, Json]) -> None:
        self.record, self.folder, self.summary = record, folder, summary

    @property
    def net(self) -> float:
        """Revenue less wear of all sites. [currency]"""
        return self.record.result.net

    @property
    def label(self) -> str:
        """What must stand beside the money."""
        return self.record.label

    @property
    def table(self) -> pl.DataFrame:
        """Net of these sites, then of simple rules and an oracle on a plain model of the same batteries, best first."""
        baselines = sorted(self.record.result.baselines.items(), key=lambda each: -each[1])
        names = ["these sites", *(name for name, _ in baselines)]
        return pl.DataFrame({"what": names, "net": [self.net, *(net for _, net in baselines)]})

    @property
    def deliveries(self) -> pl.DataFrame:
        """One row per interval of the market and site, as in ``deliveries.csv``."""
        return delivery_frame(self.record.result)

    @property
    def trace(self) -> pl.DataFrame:
        """One row per step and site, as in ``trace.parquet``."""
        return trace_frame(self.record.trace)

    @property
    def alarms(self) -> pl.DataFrame:
        """One row per alarm, oldest first."""
        return alarm_frame(self.record.result)

    @property
    def plot(self) -> RunPlots:
        """Plots, as in ``result.plot.power()``."""
        return RunPlots(self.record)

    def report(self, path: str | Path) -> Path:
        """Write the self-contained HTML report and return its path."""
        return write_report(self.record, self.folder, Path(path))

    def __repr__(self) -> str:
        """Show the table as text."""
        return f"{self.label}\n{self.table}"

    def _repr_html_(self) -> str:
        """Show the table in a notebook, with its label."""
        from html import escape

        return f"<p><strong>{escape(self.label)}</strong></p>{notebook_html(self.table)}"


def run(
    prices: PriceSeries | None = None,
    site: Site | None = None,
    *,
    sites: int = 20,
    seed: int = 1,
    duration: str | timedelta = "1d",
    strategy: str = "similar_day",
    response: str | None = "ce_fcr",
    demand_limit_kw: float | None = None,
    follow_share: float = 0.0,
    faults: Iterable[str] = (),
    frequency: str | Path | None = None,
    foresight: bool = True,
    journal: bool = True,
    runs_dir: str | Path = "battuta-runs",
) -> Run:
    """Conduct simulated sites second by second through the last days of a price series, as ``battuta run`` does.

    Parameters
    ----------
    prices, site : PriceSeries and Site, or None
        Prices with history, None for the synthetic market; each site, None for a cabinet of 100 kW / 205 kWh.
    sites, seed : int
        Number of sites, and seed of their world and of the synthetic market.
    duration : str or timedelta
        How long they live: ``90s``, ``15min``, ``6h``, ``7d``.
    strategy : str
        Which strategy trades.
    response : str or None
        Grid product that a quarter of the sites answers to; None for none.
    demand_limit_kw : float or None
        Largest quarter-hour mean of import that each site is to stay under; None for none. [kW]
    follow_share : float
        Share of the sites that follow their load instead of the market. [-]
    faults : iterable of str
        Faults to plant, such as ``gas,site=1,start=30s,size=500``; or ``random``.
    frequency : str, Path or None
        Recorded frequency (``time``, ``frequency_hz``) as the sites' grid; None for a synthetic grid.
    foresight, journal : bool
        Ask chillers ahead of the heat, in place of their own thermostats; keep everything, so that it can be replayed.
    runs_dir : str or Path
        Where runs are kept; a new folder is made there.

    Returns
    -------
    Run
        With ``.net``, ``.table``, ``.summary``, ``.deliveries``, ``.trace``, ``.alarms``, ``.plot`` and ``.folder``.

    Raises
    ------
    UsageError
        If something is asked that does not exist; then nothing is kept.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     lived = run(sites=2, duration="10min", runs_dir=folder)
    ...     print(lived.trace["site"].n_unique(), replay(lived.folder).differences)
    2 0
    """
    request = RunRequest(
        n_sites=sites,
        seed=seed,
        duration_s=_duration_s(duration),
        strategy=strategy,
        response=response or "",
        demand_limit_kw=math.inf if demand_limit_kw is None else demand_limit_kw,
        follow_share=follow_share,
        has_foresight=foresight,
        faults=(faults,) if isinstance(faults, str) else tuple(faults),
        frequency=None if frequency is None else Path(frequency),
        has_journal=journal,
    )
    return _lived(request, prices, site, Path(runs_dir))


def replay(folder: str | Path) -> ReplayResult:
    """Decide the journal of a run again and compare every setpoint with what was written, as ``battuta replay`` does.

    Parameters
    ----------
    folder : str or Path
        Folder of a run, or of its journal.

    Returns
    -------
    ReplayResult
        With ``.differences``, 0 when every setpoint came out the same, and ``.findings`` about the journal itself.

    Raises
    ------
    DataError
        If there is no journal that can be read.
    """
    from battuta.app import replay as journals

    return journals.replay(Path(folder))


def _duration_s(duration: str | timedelta) -> int:
    if isinstance(duration, str):
        return parse_duration_s(duration)
    seconds = duration.total_seconds()
    if seconds != int(seconds):
        message = f"duration = {seconds:g} s is not a whole number of seconds"
        raise UsageError(message)
    return int(seconds)


def _lived(request: RunRequest, prices: PriceSeries | None, site: Site | None, runs_dir: Path) -> Run:
    from battuta.app.living_result import finish
    from battuta.app.living_run import LivingRun
    from battuta.app.lockstep import live_in_lockstep

    if prices is None:
        wanted = site or living_site()
        prices = synthetic_prices(request.seed, MARKET_DAYS, zone=wanted.timezone, currency=wanted.currency)
    site = site or living_site(prices.currency, prices.zone)
    alive = LivingRun(request, prices, site, runs_dir)
    live_in_lockstep(alive, math.inf, lambda _: None)
    record = LivingRecord.of(alive, finish(alive))
    return Run(record, alive.folder, keep_run(record, alive.folder))
