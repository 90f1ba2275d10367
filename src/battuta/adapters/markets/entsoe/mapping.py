"""From a document of the Transparency Platform to prices: curves filled by their definition, auctions told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn
from xml.etree.ElementTree import Element, ParseError, XMLParser

import numpy as np

from battuta.adapters.markets.bidding_zones import BiddingZone
from battuta.adapters.markets.regular_grid import regular_step, require_whole
from battuta.domain.errors import ClockError, CurrencyError, DataError, SourceUnavailableError
from battuta.domain.time import duration_ns, from_ns, to_ns
from battuta.numerics.arrays import FloatArray, IntArray

SOURCE = "ENTSO-E"
DAY_AHEAD = "A01"
SINGLE_AUCTION = 1
_SEQUENCE = "classificationSequence_AttributeInstanceComponent.position"
_RESOLUTIONS = {
    "PT15M": timedelta(minutes=15),
    "PT30M": timedelta(minutes=30),
    "PT60M": timedelta(hours=1),
    "PT1H": timedelta(hours=1),
}
_EVERY_BLOCK, _CHANGED_BLOCKS = "A01", "A03"
_BLOCKS_MAX = 100_000
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,9})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAheadDocument:
    """What a document says about the range that was asked for.

    Attributes
    ----------
    time_ns : ndarray, shape (n_times,)
        Interval starts. [ns]
    price_per_mwh : ndarray, shape (n_times,)
        Day-ahead prices. [currency/MWh]
    step : timedelta
        Market time unit.
    currency : str
        ISO 4217 code.
    """

    time_ns: IntArray
    price_per_mwh: FloatArray
    step: timedelta
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Period:
    start_ns: int
    step: timedelta
    price_per_mwh: FloatArray
    sequence: int | None
    currency: str


def read_day_ahead(
    body: bytes, zone: BiddingZone, start_ns: int, end_ns: int, *, sequence: int = SINGLE_AUCTION
) -> DayAheadDocument:
    """Read an answer to a request for day-ahead prices (document type A44).

    Parameters
    ----------
    body : bytes
        The answer, a Publication_MarketDocument or an Acknowledgement_MarketDocument.
    zone : BiddingZone
        Zone that was asked for.
    start_ns, end_ns : int
        Range that was asked for; what lies outside is dropped. [ns]
    sequence : int
        Which of a zone's day-ahead auctions: 1 is the single day-ahead coupling, 2 is a local one where there is one.
        A series without a number belongs to the only auction.

    Returns
    -------
    DayAheadDocument
        Complete prices of the range.

    Raises
    ------
    SourceUnavailableError
        If the answer is not such a document.
    DataError
        If there are no prices, some are missing or contradict each other, or the market time unit changes.
    CurrencyError
        If two currencies appear.

    References
    ----------
    .. [1] ENTSO-E, "The introduction of different time series possibilities (curveType) within ENTSO-E electronic
       documents": A01 sequential fixed size blocks, A03 variable sized blocks.
    """
    root = _root(body)
    if _name(root) == "Acknowledgement_MarketDocument":
        message = f"{SOURCE} has no prices of {zone.name} for this range: {_reason(root)}"
        raise DataError(message)
    if _name(root) != "Publication_MarketDocument":
        _refuse(f"the document is a {_name(root)[:60]}")
    periods = _of_auction(list(_periods(root)), sequence, zone)
    inside = [each for each in periods if each.start_ns < end_ns and _end_ns(each) > start_ns]
    if not inside:
        message = (
            f"{SOURCE} has no prices of {zone.name} between {from_ns(start_ns):%Y-%m-%d} and {from_ns(end_ns):%Y-%m-%d}"
        )
        raise DataError(message)
    _check_currency(inside, zone)
    time_ns, price_per_mwh = _joined(inside)
    keep = (time_ns >= start_ns) & (time_ns < end_ns)
    time_ns, price_per_mwh = time_ns[keep], price_per_mwh[keep]
    step = regular_step(time_ns, zone.timezone, SOURCE)
    require_whole(time_ns, step, start_ns, end_ns, SOURCE)
    return DayAheadDocument(time_ns=time_ns, price_per_mwh=price_per_mwh, step=step, currency=inside[0].currency)


def reason_of_refusal(body: bytes) -> str:
    """Find the reason in the body of an error, an Acknowledgement_MarketDocument by its documentation."""
    try:
        root = _root(body)
    except SourceUnavailableError:
        return ""
    return _reason(root) if _name(root) == "Acknowledgement_MarketDocument" else ""


def _refuse(what: str) -> NoReturn:
    message = f"{SOURCE} did not answer in its documented format: {what}"
    raise SourceUnavailableError(message)


def _root(body: bytes) -> Element:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        _refuse("the document is not in UTF-8")
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        what = "a web page instead of XML" if re.search("<html", text, re.IGNORECASE) else "XML with a document type"
        _refuse(f"{what}; nothing of it was read")
    # Without a document type there are no entities to expand and nothing to fetch.
    parser = XMLParser(encoding="utf-8")  # noqa: S314
    try:
        parser.feed(text.encode())
        root: object = parser.close()
    except ParseError as error:
        _refuse(f"the XML is cut off or damaged ({error})")
    assert isinstance(root, Element)
    return root


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: Element, *path: str) -> str:
    """Text of the first element at a path of local names, whatever the namespace."""
    found: Element | None = element
    for name in path:
        found = None if found is None else next((child for child in found if _name(child) == name), None)
    return (found.text or "").strip() if found is not None else ""


def _reason(root: Element) -> str:
    code, text = _text(root, "Reason", "code"), _text(root, "Reason", "text")
    return " ".join(f"{text or 'no reason given'}{f' (reason {code})' if code else ''}".split())[:300]


def _periods(root: Element) -> Iterator[_Period]:
    for series in root:
        if _name(series) != "TimeSeries" or _text(series, "contract_MarketAgreement.type") not in {"", DAY_AHEAD}:
            continue
        unit = _text(series, "price_Measure_Unit.name")
        if unit != "MWH":
            message = f"{SOURCE}: prices are per {unit or 'an unstated unit'}, not per MWH"
            raise DataError(message)
        number = _text(series, _SEQUENCE)
        for period in series:
            if _name(period) == "Period":
                yield _period(
                    period,
                    curve=_text(series, "curveType") or _EVERY_BLOCK,
                    sequence=_whole(number) if number else None,
                    currency=_text(series, "currency_Unit.name"),
                )


def _period(period: Element, *, curve: str, sequence: int | None, currency: str) -> _Period:
    start_ns = _instant_ns(_text(period, "timeInterval", "start"))
    end_ns = _instant_ns(_text(period, "timeInterval", "end"))
    resolution = _text(period, "resolution")
    if resolution not in _RESOLUTIONS:
        _refuse(f"resolution {resolution[:20]!r} is not one of {', '.join(_RESOLUTIONS)}")
    if curve not in {_EVERY_BLOCK, _CHANGED_BLOCKS}:
        _refuse(f"curve type {curve[:20]!r} is neither A01 nor A03")
    step = _RESOLUTIONS[resolution]
    n_blocks, remainder = divmod(end_ns - start_ns, duration_ns(step))
    if remainder or not 0 < n_blocks <= _BLOCKS_MAX:
        _refuse(f"the period from {_stamp(start_ns)} to {_stamp(end_ns)} is not a number of {resolution}")
    prices = np.full(n_blocks, np.nan)
    for point in period:
        if _name(point) == "Point":
            position = _whole(_text(point, "position"))
            if not 1 <= position <= n_blocks or not np.isnan(prices[position - 1]):
                _refuse(f"position {position} of the period from {_stamp(start_ns)} comes twice or lies outside")
            prices[position - 1] = _price(_text(point, "price.amount"))
    return _Period(
        start_ns=start_ns,
        step=step,
        price_per_mwh=_filled(prices, curve, start_ns),
        sequence=sequence,
        currency=currency,
    )


def _filled(prices: FloatArray, curve: str, start_ns: int) -> FloatArray:
    """Repeat the price before an omitted block where the curve says that it was left out for being equal."""
    known = ~np.isnan(prices)
    if known.all():
        return prices
    if curve == _EVERY_BLOCK or not known[0]:
        first = int(np.flatnonzero(~known)[0]) + 1
        message = f"{SOURCE}: position {first} of the period from {_stamp(start_ns)} is missing (curve type {curve})"
        raise DataError(message)
    return prices[np.maximum.accumulate(np.where(known, np.arange(prices.size), 0))]


def _of_auction(periods: list[_Period], sequence: int, zone: BiddingZone) -> list[_Period]:
    found = {each.sequence for each in periods}
    chosen = [each for each in periods if each.sequence in {None, sequence}]
    if periods and not chosen:
        numbers = ", ".join(str(each) for each in sorted(each for each in found if each is not None))
        message = (
            f"{SOURCE} has no auction {sequence} of {zone.name} for this range, only {numbers}; 1 is the single "
            "day-ahead coupling, others are local auctions with other prices"
        )
        raise DataError(message)
    return chosen


def _check_currency(periods: list[_Period], zone: BiddingZone) -> None:
    currencies = sorted({each.currency for each in periods})
    if len(currencies) > 1:
        message = f"{SOURCE}: prices of {zone.name} come in {' and '.join(currencies)}; ask for a range with one"
        raise CurrencyError(message)
    if not re.fullmatch("[A-Z]{3}", currencies[0]):
        _refuse(f"currency {currencies[0][:20]!r} is no ISO 4217 code")


def _joined(periods: list[_Period]) -> tuple[IntArray, FloatArray]:
    """Sort the periods into one series; an interval told twice must be told alike."""
    times = np.concatenate(
        [
            each.start_ns + np.arange(each.price_per_mwh.size, dtype=np.int64) * duration_ns(each.step)
            for each in periods
        ]
    )
    prices = np.concatenate([each.price_per_mwh for each in periods])
    order = np.argsort(times, kind="stable")
    times, prices = times[order], prices[order]
    again = np.flatnonzero(np.diff(times) == 0)
    differs = again[prices[again] != prices[again + 1]]
    if differs.size:
        at = int(differs[0])
        message = f"{SOURCE} tells two prices of {_stamp(int(times[at]))}: {prices[at]:g} and {prices[at + 1]:g}"
        raise DataError(message)
    first = np.concatenate([[True], np.diff(times) != 0])
    return times[first], prices[first]


def _end_ns(period: _Period) -> int:
    return period.start_ns + period.price_per_mwh.size * duration_ns(period.step)


def _instant_ns(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        _refuse(f"{text[:40]!r} is no time")
    if moment.tzinfo is None:
        _refuse(f"{text[:40]!r} has no offset")
    try:
        return to_ns(moment)
    except ClockError as error:
        _refuse(str(error))


def _whole(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        _refuse(f"{text[:40]!r} is no position")
    return int(text)


def _price(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        _refuse(f"{text[:40]!r} is no price")
    return float(text)


def _stamp(at_ns: int) -> str:
    return f"{from_ns(at_ns):%Y-%m-%dT%H:%MZ}"
