"""Issue the price forecast of the next delivery day, with a width learned from the days before it.

Weights and widths need what the same model would have said of the year before. Each of those days is calibrated once;
a store of vintages keeps it, so that the next day costs one calibration.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

import numpy as np

from battuta.domain.errors import StaleDataError, StorageError
from battuta.domain.forecast import N_LEVELS, Forecast, Paths, Quantiles, percent_levels
from battuta.domain.prices import History, PriceSeries
from battuta.forecast.day_table import DayTable
from battuta.forecast.member import MemberRow, blocks, run_block
from battuta.forecast.price_forecaster import Issue, PriceForecaster
from battuta.forecast.price_model import PriceModel
from battuta.forecast.watched_inputs import WatchedInputs, watch_inputs
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.ports.compute import Compute
from battuta.ports.vintages import SKIPPED_NS, Vintage, Vintages
from battuta.studies.forecast_evaluation import HISTORY_DAYS_MIN, WARM_UP_DAYS, Progress
from battuta.studies.input_hash import input_hashes
from battuta.studies.next_day import with_next_day
from battuta.studies.short_history import STAND_IN_NOTE, first_voice, from_first_voice, spoken, stood_in

_MEDIAN = N_LEVELS // 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IssuedForecast:
    """The forecast of one delivery day that has no price yet.

    Attributes
    ----------
    prices : PriceSeries
        What it was made from, the day itself included.
    day : date
        The delivery day, local.
    forecast : Forecast
        Point, quantiles, members and notes for its intervals.
    paths : Paths or None
        Equally likely courses of the day, where some were asked for.
    n_calibrated : int
        Days that had to be calibrated; the others came from the store.
    findings : tuple of str
        What was found wanting in the store.
    storage_error : StorageError or None
        Why the store did not take it; the forecast holds all the same, and the next one takes longer.
    """

    prices: PriceSeries
    day: date
    forecast: Forecast
    paths: Paths | None
    n_calibrated: int
    findings: tuple[str, ...] = ()
    storage_error: StorageError | None = None


def issue_forecast(
    prices: PriceSeries,
    families: tuple[str, ...],
    compute: Compute,
    *,
    vintages: Vintages | None = None,
    release: str = "",
    warm_up_days: int = WARM_UP_DAYS,
    n_paths: int = 0,
    progress: Progress | None = None,
) -> IssuedForecast:
    """Issue the forecast of the day after the last known price.

    Parameters
    ----------
    prices : PriceSeries
        Prices, and exogenous series that may reach into the day to forecast.
    families : tuple of str
        Which families of models are mixed.
    compute : Compute
        Where they are calibrated.
    vintages : Vintages or None
        Where issued forecasts are kept and found again.
    release : str
        Version of all that calibrates: what another one kept is not used again.
    warm_up_days : int
        Most days before it that are issued to learn weights and widths from.
    n_paths : int
        Joint courses to draw; 0 for none.
    progress : callable or None
        Told what is done, how much of it, and how much there is.

    Returns
    -------
    IssuedForecast
        The forecast; it does not depend on what was kept.

    Raises
    ------
    StaleDataError
        If there is too little history.
    """
    series, day = with_next_day(prices)
    if day < HISTORY_DAYS_MIN:
        message = f"the prices cover {day} days; a forecast needs at least {HISTORY_DAYS_MIN}"
        raise StaleDataError(message)
    history, model = History(series), PriceModel(families=families)
    raw = DayTable(history)
    warm, stop = max(day - warm_up_days, HISTORY_DAYS_MIN), day + 1
    watched = watch_inputs(raw, blocks(raw, warm, stop)[0][0], stop)
    table = raw.trusting(watched.trusted)
    settings = f"{release}|{model!r}|{series.currency}|{series.zone}|{series.clock}|{series.step}|{series.gate}"
    warm = max(warm, first_voice(model)) if first_voice(model) < day else warm
    hashes = dict(zip(range(warm, stop), input_hashes(raw, watched, warm, stop, settings), strict=True))
    kept = {} if vintages is None else _kept_rows(vintages, model.name, raw, hashes)
    calibrated = _calibrated(table, [each for each in hashes if each not in kept], model, compute, progress)
    forecaster, issue, made = _walk(history, table, watched, {**kept, **calibrated}, hashes, model)
    storage_error = _keep(vintages, [made[each] for each in calibrated if each in made])
    forecast = made[day].forecast()
    price_per_mwh = _first_prices(history, table, day)
    if np.isfinite(price_per_mwh).any():
        issue = _updated(forecaster, issue, table, price_per_mwh)
        forecast = _during(forecast, history, table, issue)
    paths: Paths | None = None
    if n_paths:
        drawn = forecaster.paths(issue, table.at_gate(day), n_paths, table.dates[day].toordinal())
        paths = Paths(time_ns=forecast.time_ns, values=np.ascontiguousarray(_laid(history, table, day, drawn.T).T))
    return IssuedForecast(
        prices=series,
        day=table.dates[day],
        forecast=forecast,
        paths=paths,
        n_calibrated=len(calibrated),
        findings=() if vintages is None else vintages.findings,
        storage_error=storage_error,
    )


def _keep(vintages: Vintages | None, made: Sequence[Vintage]) -> StorageError | None:
    """Keep what was made, as much of it as the store takes; says what stopped it."""
    if vintages is None:
        return None
    try:
        for vintage in made:
            vintages.keep(vintage)
    except StorageError as error:
        return error
    return None


def _walk(
    history: History,
    table: DayTable,
    watched: WatchedInputs,
    rows: Mapping[int, MemberRow],
    hashes: Mapping[int, str],
    model: PriceModel,
) -> tuple[PriceForecaster, Issue, dict[int, Vintage]]:
    """Issue one day after the other from the first at which anybody speaks; the last one is the day asked for."""
    *before, last = from_first_voice([rows[day] for day in hashes], model, 1)
    forecaster = PriceForecaster(model, table.n_slots)
    made: dict[int, Vintage] = {}
    for said in before:
        row = spoken(said, table, model)
        issue = _issued(forecaster, table, row)
        made[row.day] = _vintage(history, table, row, issue, watched, model.name, hashes[row.day])
    row = last if last.day >= first_voice(model) else spoken(last, table, model)
    issue = _issued(forecaster, table, row)
    made[row.day] = _vintage(history, table, row, issue, watched, model.name, hashes[row.day])
    return forecaster, issue, made


def _issued(forecaster: PriceForecaster, table: DayTable, row: MemberRow) -> Issue:
    known = table.at_gate(row.day)
    forecaster.learn(known)
    return forecaster.predict(row, known)


def _first_prices(history: History, table: DayTable, day: int) -> FloatArray:
    """Prices of a day by slot, NaN where an interval of the slot still waits, as the second of two hours in autumn."""
    steps = history.days.steps(day)
    price_per_mwh = table.prices_per_mwh(day, day + 1)[0].copy()
    price_per_mwh[table.slot[steps][np.isnan(history.series.price_per_mwh[steps])]] = np.nan
    return price_per_mwh


def _updated(forecaster: PriceForecaster, issue: Issue, table: DayTable, price_per_mwh: FloatArray) -> Issue:
    """Move the forecast of the rest of a day by its first prices: the point as far as the median."""
    quantiles = forecaster.updated(issue, table.at_gate(issue.day), price_per_mwh)
    moved = quantiles[:, _MEDIAN] - issue.quantiles[:, _MEDIAN]
    point = np.where(np.isfinite(price_per_mwh), price_per_mwh, issue.point + moved)
    return replace(issue, point=point, quantiles=quantiles)


def _during(forecast: Forecast, history: History, table: DayTable, issue: Issue) -> Forecast:
    """Lay an updated issue on the intervals; it is known once the last price that it looked at is."""
    steps = history.days.steps(issue.day)
    is_known = np.isfinite(history.series.price_per_mwh[steps])
    note = f"{int(is_known.sum())} of {is_known.size} prices of the day are known, the rest moved by them"
    published_ns = history.series.known_at_ns()[steps][is_known]
    return replace(
        forecast,
        known_at_ns=max(forecast.known_at_ns, int(published_ns.max())),
        point=_laid(history, table, issue.day, issue.point),
        quantiles=Quantiles(levels=percent_levels(), values=_laid(history, table, issue.day, issue.quantiles)),
        notes=(*forecast.notes, note),
    )


def _laid(history: History, table: DayTable, day: int, values: FloatArray) -> FloatArray:
    """Lay values by slot on the intervals of a day; a price that is known stays, though the other of its slot waits."""
    laid = table.on_steps(day, values)
    price_per_mwh = history.series.price_per_mwh[history.days.steps(day)]
    price_per_mwh = price_per_mwh.reshape(-1, *(1 for _ in laid.shape[1:]))
    return np.where(np.isfinite(price_per_mwh), price_per_mwh, laid)


def _kept_rows(vintages: Vintages, model: str, table: DayTable, hashes: Mapping[int, str]) -> dict[int, MemberRow]:
    rows: dict[int, MemberRow] = {}
    for day, inputs in hashes.items():
        vintage = vintages.read(model, table.dates[day], inputs)
        if vintage is not None:
            rows[day] = MemberRow(day=day, values=vintage.members_by_slot())
    return rows


def _calibrated(
    table: DayTable, days: Sequence[int], model: PriceModel, compute: Compute, progress: Progress | None
) -> dict[int, MemberRow]:
    """Run all members over some days, in runs of days that follow each other."""
    if not days:
        return {}
    cuts = np.flatnonzero(np.diff(days) != 1) + 1
    runs = [(int(run[0]), int(run[-1]) + 1) for run in np.split(np.array(days), cuts)]
    pieces = list(chain.from_iterable(blocks(table, first, stop) for first, stop in runs))

    def work(block: tuple[int, int, int]) -> list[MemberRow]:
        return run_block(table, model.members, *block)

    def done(n_done: int, n_all: int) -> None:
        if progress is not None:
            progress("calibrating", n_done, n_all)

    return {row.day: row for row in chain.from_iterable(compute.map(work, pieces, done))}


def _vintage(
    history: History,
    table: DayTable,
    row: MemberRow,
    issue: Issue,
    watched: WatchedInputs,
    model: str,
    inputs: str,
) -> Vintage:
    series, steps = history.series, history.days.steps(row.day)
    there: IntArray = table.slot[steps]
    skipped = np.setdiff1d(np.arange(table.n_slots), there)
    slot = np.concatenate([there, skipped])

    def laid(values: FloatArray) -> FloatArray:
        return values[slot]

    return Vintage(
        day=table.dates[row.day],
        model=model,
        inputs=inputs,
        known_at_ns=table.gate_ns(row.day),
        unit=f"{series.currency}/MWh",
        clock=series.clock,
        time_ns=np.concatenate([series.time_ns[steps], np.full(skipped.size, SKIPPED_NS)]),
        slot=slot,
        point=laid(issue.point),
        quantiles=laid(issue.quantiles),
        members={name: laid(values) for name, values in row.values.items()},
        notes=(
            *watched.notes.get(row.day, ()),
            *issue.notes,
            *((STAND_IN_NOTE,) if any(map(stood_in, row.values)) else ()),
        ),
        is_synthetic=series.is_synthetic,
    )
