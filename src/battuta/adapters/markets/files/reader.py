"""Read a price file: what it is must be stated, what it holds is checked, and what would need a guess is refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import numpy as np
import polars as pl
from polars.exceptions import PolarsError

from battuta.adapters.markets.files.calendar_notes import (
    note_dst_days,
    note_other_offsets,
    note_regularised_days,
    note_stray_year,
)
from battuta.adapters.markets.files.checks import (
    check_constant,
    check_missing,
    check_size,
    check_zero_days,
    flag_waiting,
    flag_zero_days,
    note_waiting,
    note_zeros,
)
from battuta.adapters.markets.files.formats.canonical import bind_canonical, note_rules
from battuta.adapters.markets.files.formats.layout import Field, Layout, require_currency, with_rules
from battuta.adapters.markets.files.formats.registry import CANONICAL, format_of, hint
from battuta.adapters.markets.files.grid import Rows, in_time_order, on_grid, step_of
from battuta.adapters.markets.files.inspection import Inspection, counted
from battuta.adapters.markets.files.labels import read_labels
from battuta.adapters.markets.files.numbers import read_numbers
from battuta.adapters.markets.files.table import Table, open_table, require_columns
from battuta.domain.errors import ClockError, DataError
from battuta.domain.imports import FindingKind, PriceImport
from battuta.domain.prices import Column, PriceSeries
from battuta.domain.publication import PublicationRule
from battuta.domain.time import Clock, ClockKind, zone_of
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray

_N_GRID_FREE = 100_000
_GRID_PER_ROW_MAX = 100
_FIRST_ROW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceFile:
    """A file of prices and all that must be stated about it; see `read_prices`.

    Attributes
    ----------
    path : Path
        CSV, gzipped CSV or Parquet.
    source : str
        How the file is written.
    clock : Clock or None
        Clock of the labels, None for that of the source.
    zone : str
        Zone of the delivery day, empty for that of the source.
    currency : str or None
        Currency of prices whose column does not say it.
    price_column : str or None
        The traded column where there are several.
    allow : frozenset of str
        Kinds of findings that are let pass.
    rules : mapping of str to PublicationRule
        Publication rules by column name.
    only : mapping of str to str
        Rows to keep, by the text of a column.
    """

    path: Path
    source: str = CANONICAL
    clock: Clock | None = None
    zone: str = ""
    currency: str | None = None
    price_column: str | None = None
    allow: frozenset[str] = frozenset()
    rules: Mapping[str, PublicationRule] = field(default_factory=lambda: MappingProxyType({}))
    only: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def read(self) -> PriceImport:
        """Read and check the file.

        Returns
        -------
        PriceImport
            The series and what was seen.
        """
        try:
            return self._read(Inspection(str(self.path), self.allow))
        except PolarsError as error:
            message = f"{self.path} cannot be read: {next(iter(str(error).splitlines()), '')}"
            raise DataError(message) from error

    def _read(self, inspection: Inspection) -> PriceImport:
        table = open_table(self.path)
        require_columns(table, tuple(self.only))
        layout = self._layout(table, inspection)
        clock = layout.clock if self.clock is None else self.clock
        zone = self._zone(layout, clock)
        rows, label_us, is_synthetic = _rows(table, layout, clock, self.only, inspection)
        if not clock.hour_ending:
            note_stray_year(rows, label_us, layout.price.name, inspection)
        note_other_offsets(rows, label_us, clock, zone, inspection)
        rows = in_time_order(rows, inspection)
        step_us = step_of(rows, layout.step, inspection.source)
        rows = rows.moved(-step_us if clock.hour_ending else 0)
        index = on_grid(rows, step_us, inspection)
        rows = _checked(rows, layout, step_us, zone, inspection)
        if clock.kind is not ClockKind.LOCAL_24H:
            note_dst_days(rows, zone, inspection)
        elif self.zone or layout.calendar:
            note_regularised_days(rows, layout.price.name, self.zone or layout.calendar, step_us, inspection)
        inspection.raise_if_refused()
        assert index is not None, "a grid that cannot be made is always refused"
        name = f"{self.path.name} (synthetic)" if is_synthetic else self.path.name
        series = _series(rows, index, layout, step_us, zone, name, is_synthetic=is_synthetic)
        return PriceImport(series=series, findings=inspection.findings)

    def _layout(self, table: Table, inspection: Inspection) -> Layout:
        if self.source != CANONICAL:
            layout = format_of(self.source, table.header, table.name).bind(table.header, self.price_column)
            require_currency(layout.price, self.currency)
        else:
            try:
                layout = bind_canonical(table.header, self.price_column, self.currency, inspection)
            except DataError as error:
                if advice := hint(table.header):
                    message = f"{error}.{advice}"
                    raise DataError(message) from error
                raise
        layout = with_rules(layout, self.rules)
        if self.source == CANONICAL:
            note_rules(layout, self.rules, inspection)
        for label in layout.ignored:
            mend = "rename it so that it ends in its unit, as load_mw does" if self.source == CANONICAL else ""
            message = "this column is left out, as its unit and meaning are not known"
            inspection.note(FindingKind.UNKNOWN_COLUMN, message, mend, row=1, column=label)
        return layout

    def _zone(self, layout: Layout, clock: Clock) -> str:
        if self.zone:
            zone_of(self.zone)
        if clock.kind is ClockKind.LOCAL_24H:
            return ClockKind.LOCAL_24H.value
        declared = "" if layout.zone == ClockKind.LOCAL_24H else layout.zone
        zone = self.zone or declared or (clock.zone if clock.kind is ClockKind.LOCAL else "")
        if not zone:
            message = (
                f"{self.path}: the zone of the market's delivery day is not known; pass --zone Europe/Berlin "
                '(zone="Europe/Berlin" in Python), or another IANA zone'
            )
            raise ClockError(message)
        return zone


def read_prices(
    path: str | Path,
    *,
    source: str = CANONICAL,
    clock: Clock | str | None = None,
    zone: str | None = None,
    currency: str | None = None,
    price_column: str | None = None,
    allow: Iterable[str] = (),
    rules: Mapping[str, PublicationRule] | None = None,
    only: Mapping[str, str] | None = None,
) -> PriceImport:
    """Read a price file.

    Parameters
    ----------
    path : str or Path
        CSV, gzipped CSV or Parquet.
    source : str
        How the file is written: ``canonical``, ``epf``, ``entsoe``, ...
    clock : Clock, str or None
        Clock of the labels, such as ``utc`` or ``local:Europe/Berlin``; None for that of the source. Canonical files
        carry an offset in each label unless a clock is stated.
    zone : str or None
        Zone of the market's delivery day; None for that of the source.
    currency : str or None
        ISO 4217 code of prices whose column does not say it.
    price_column : str or None
        The traded column where a file has several, by its label or by its name in Battuta.
    allow : iterable of str
        Kinds of findings that are let pass, such as ``gap``; nothing is ever filled.
    rules : mapping of str to PublicationRule, or None
        Publication rules by column name where the caller knows better than the source.
    only : mapping of str to str, or None
        Rows to keep, by the text of a column: ``{"Sequence": "Sequence 1"}``.

    Returns
    -------
    PriceImport
        The series and what was seen.

    Raises
    ------
    DataError
        If the file is absent, broken, empty or not of this source.
    ImportRefusedError
        If it holds something that would need a guess and is not allowed.
    ClockError
        If its times need a clock or a zone that nobody stated.
    CurrencyError
        If its currency is unknown or contradicts what was stated.
    UsageError
        If an argument names something that does not exist.
    """
    return PriceFile(
        path=Path(path),
        source=source,
        clock=Clock.parse(clock) if isinstance(clock, str) else clock,
        zone=zone or "",
        currency=currency,
        price_column=price_column,
        allow=frozenset({allow} if isinstance(allow, str) else allow),
        rules=rules or {},
        only=only or {},
    ).read()


def _rows(
    table: Table, layout: Layout, clock: Clock, only: Mapping[str, str], inspection: Inspection
) -> tuple[Rows, IntArray, bool]:
    read = (layout.price, *layout.fields)
    labels = dict.fromkeys(
        (layout.time, *(each.label for each in read), *layout.constant, *only, *filter(None, (layout.mark,)))
    )
    frame = table.load(tuple(labels))
    numbers = np.arange(_FIRST_ROW, frame.height + _FIRST_ROW)
    for label, text in only.items():
        keep = frame[label].cast(pl.String) == text
        frame, numbers = frame.filter(keep), numbers[keep.fill_null(value=False).to_numpy()]
        if not frame.height:
            message = f"{table.name}, column {label}: no row holds {text!r}"
            raise DataError(message)
    for label, expected in layout.constant.items():
        if label not in only:
            check_constant(frame[label], expected, numbers, inspection)
    is_synthetic = bool(layout.mark) and _is_marked(frame[layout.mark], numbers, inspection)
    times = read_labels(frame[layout.time], layout.style, clock, numbers, inspection)
    frame = frame.select([each.label for each in read])
    values, is_missing = _numbers(frame, read, layout, times.is_read, numbers, inspection)
    is_beside = np.zeros(numbers.size, dtype=np.bool_)
    for each in layout.fields:
        is_beside |= np.isfinite(values[each.name])
    is_waiting = flag_waiting(is_missing[layout.price.name], is_beside, times.instant_us)
    for each in read:
        is_price = each is layout.price
        is_lacking = is_missing[each.name] & ~is_waiting if is_price else is_missing[each.name]
        check_missing(is_lacking, numbers, each.label, inspection, is_price=is_price)
    note_waiting(is_waiting, numbers, layout.price.label, inspection)
    rows = Rows(
        time_us=times.instant_us,
        rows=numbers,
        values=values,
        is_benchmark=clock.kind is ClockKind.LOCAL_24H,
    )
    if times.is_read.all():
        return rows, times.label_us, is_synthetic
    if not times.is_read.any():
        inspection.raise_if_refused()
        message = f"{table.name} holds no row with a usable time"
        raise DataError(message)
    return rows.take(times.is_read), times.label_us[times.is_read], is_synthetic


def _numbers(
    frame: pl.DataFrame,
    read: Iterable[Field],
    layout: Layout,
    is_read: BoolArray,
    rows: IntArray,
    inspection: Inspection,
) -> tuple[dict[str, FloatArray], dict[str, BoolArray]]:
    """Take the columns out of a frame: their values, and where a row with a time has none."""
    values: dict[str, FloatArray] = {}
    is_missing: dict[str, BoolArray] = {}
    for each in read:
        column, is_text = read_numbers(frame.drop_in_place(each.label), layout.missing_marks, rows, inspection)
        is_missing[each.name] = np.isnan(column) & ~is_text & is_read
        values[each.name] = column if each.factor == 1.0 else column * each.factor
    return values, is_missing


def _is_marked(column: pl.Series, rows: IntArray, inspection: Inspection) -> bool:
    """Read whether prices are synthetic: the column says ``true`` in every row, or ``false`` in every row."""
    text = column.cast(pl.String).str.strip_chars().str.to_lowercase().fill_null("")
    first = str(text[0]) if text[0] in {"true", "false"} else "true"
    is_other = (text != first).to_numpy()
    if not is_other.any():
        return first == "true"
    at = int(np.argmax(is_other))
    inspection.refuse(
        FindingKind.SEVERAL_SERIES,
        f"{text[at]!r} where every row must say {first}",
        "write true in each row of synthetic prices, or remove the column from a record of a market",
        row=int(rows[at]),
        column=column.name,
        count=int(is_other.sum()),
    )
    return True


def _checked(rows: Rows, layout: Layout, step_us: int, zone: str, inspection: Inspection) -> Rows:
    values = dict(rows.values)
    price = layout.price
    check_size(values[price.name], rows.rows, price.label, inspection)
    is_filled = flag_zero_days(rows, price.name, step_us, zone)
    check_zero_days(rows, price.name, is_filled, price.label, inspection)
    note_zeros(rows, price.name, price.label, inspection)
    if is_filled.any():
        values[price.name] = np.where(is_filled, np.nan, values[price.name])
    for each in layout.fields:
        if each.zero_is_missing:
            values[each.name] = _without_zeros(values[each.name], rows, each, inspection)
        else:
            _note_zero_days(rows, each, step_us, zone, inspection)
    return Rows(time_us=rows.time_us, rows=rows.rows, values=values, is_benchmark=rows.is_benchmark)


def _without_zeros(values: FloatArray, rows: Rows, each: Field, inspection: Inspection) -> FloatArray:
    is_zero = values == 0.0
    if not is_zero.any():
        return values
    n_zeros = int(is_zero.sum())
    message = f"{counted(n_zeros, 'zero')} taken for missing: the source wrote 0 where it had no value"
    row = int(rows.rows[np.argmax(is_zero)])
    inspection.note(FindingKind.ZERO_IS_MISSING, message, row=row, column=each.label, count=n_zeros)
    return np.where(is_zero, np.nan, values)


def _note_zero_days(rows: Rows, each: Field, step_us: int, zone: str, inspection: Inspection) -> None:
    is_filled = flag_zero_days(rows, each.name, step_us, zone)
    if is_filled.any():
        n_filled = int(is_filled.sum())
        message = f"{counted(n_filled, 'value')} in days of zeros, perhaps missing at the source; kept"
        row = int(rows.rows[np.argmax(is_filled)])
        inspection.note(FindingKind.ZERO_DAY, message, row=row, column=each.label, count=n_filled)


def _series(
    rows: Rows, index: IntArray, layout: Layout, step_us: int, zone: str, name: str, *, is_synthetic: bool
) -> PriceSeries:
    n_times = int(index[-1]) + 1
    if n_times > max(_N_GRID_FREE, _GRID_PER_ROW_MAX * index.size):
        message = f"{name} spans {n_times} intervals with {index.size} rows; look for a label of a wrong year"
        raise DataError(message)

    def spread(values: FloatArray) -> FloatArray:
        if n_times == index.size:
            return values
        whole = np.full(n_times, np.nan)
        whole[index] = values
        return whole

    return PriceSeries(
        time_ns=(rows.time_us[0] + np.arange(n_times, dtype=np.int64) * step_us) * 1_000,
        price_per_mwh=spread(rows.values[layout.price.name]),
        step=timedelta(microseconds=step_us),
        currency=layout.price.currency,
        zone=zone,
        clock=ClockKind.LOCAL_24H if rows.is_benchmark else ClockKind.UTC,
        rule=layout.price.rule,
        columns=MappingProxyType(
            {
                each.name: Column(values=spread(rows.values[each.name]), unit=each.unit, rule=each.rule)
                for each in layout.fields
            }
        ),
        source=name,
        is_synthetic=is_synthetic,
    )
