"""Battuta's own form: `time` with an offset, a price that says its currency, columns whose names end in units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from battuta.adapters.markets.files.formats.layout import Field, Layout, beside_price
from battuta.adapters.markets.files.inspection import Inspection
from battuta.adapters.markets.files.labels import ISO_8601
from battuta.domain.errors import CurrencyError, DataError, UsageError
from battuta.domain.imports import FindingKind
from battuta.domain.prices import PRICE
from battuta.domain.publication import AFTER_INTERVAL, DAY_AHEAD_AUCTION, PublicationRule
from battuta.domain.time import Clock

TIME = "time"
"""Label of the time column."""
IS_SYNTHETIC = "is_synthetic"
"""Label of the column that says of generated prices, in every row, that they are: ``true``."""
_CODES = "aud|bgn|brl|cad|chf|clp|cny|czk|dkk|eur|gbp|huf|inr|jpy|krw|mxn|nok|nzd|pln|ron|rsd|sek|sgd|try|uah|usd|zar"
_MONEY = re.compile(rf"(?:^|_)(?:({_CODES})_)?per_mwh$")
_TRADED = re.compile(rf"^price(?:_(?:{_CODES}))?_per_mwh$")
_CURRENCY = re.compile(r"^[A-Z]{3}$")
_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "kw": "kW", "mw": "MW", "kwh": "kWh", "mwh": "MWh", "c": "degC", "pu": "pu", "fraction": "-", "m_per_s": "m/s",
        "w_per_m2": "W/m2", "hz": "Hz", "eur_per_t": "EUR/t", "usd_per_t": "USD/t",
    }
)  # fmt: skip
_UNIT = re.compile(rf"(?<!_per)_({'|'.join(_UNITS)})$")


def bind_canonical(
    header: tuple[str, ...], price_column: str | None, currency: str | None, inspection: Inspection
) -> Layout:
    """Meet the header of a canonical file.

    Parameters
    ----------
    header, price_column : tuple of str, str or None
        Column labels; the traded one where there are several.
    currency : str or None
        Currency of ``price_per_mwh``, stated by the caller.
    inspection : Inspection
        Takes a finding where prices come in two currencies.

    Returns
    -------
    Layout
        What to read; `zone` is empty, as the file does not tell it.

    Raises
    ------
    DataError, UsageError
        If the time or the price column is not there; if `price_column` names no price of energy.
    CurrencyError
        If no currency is known, or the stated one contradicts the column's name.
    """
    if currency is not None and not _CURRENCY.fullmatch(currency):
        message = f"currency {currency!r} is no ISO 4217 code such as EUR"
        raise UsageError(message)
    if TIME not in header:
        message = (
            f"{inspection.source} has no column 'time' of interval starts, only {_listed(header)}; rename the right one"
        )
        raise DataError(message)
    traded = [label for label in header if _TRADED.fullmatch(label)]
    label = price_column or next(iter(traded), "")
    if price_column is not None and (price_column not in header or not _MONEY.search(price_column)):
        message = f"{inspection.source} has no price column {price_column!r}; it has {_listed(header)}"
        raise UsageError(message)
    if not label:
        per_kwh = next((each for each in header if each.endswith("_per_kwh")), "")
        if per_kwh:
            message = (
                f"{inspection.source}, column {per_kwh}: prices are read per MWh; multiply by 1000 and rename "
                f"it to {per_kwh.removesuffix('kwh')}mwh"
            )
            raise DataError(message)
        message = (
            f"{inspection.source} has no column price_per_mwh, price_eur_per_mwh or the like; it has "
            f"{_listed(header)}. Rename the column of prices so that it says its currency and unit"
        )
        raise DataError(message)
    if len(traded) > 1 and price_column is None:
        inspection.refuse(
            FindingKind.MIXED_CURRENCY,
            f"there are several prices: {', '.join(traded)}",
            "name the one to trade with --price-column, or remove the others",
            row=1,
            column=traded[1],
        )
    fields, ignored = _exogenous(header, label, currency, inspection.source)
    return Layout(
        time=TIME,
        style=ISO_8601,
        clock=Clock.parse("offset"),
        zone="",
        price=Field(
            label=label,
            name=PRICE,
            unit=f"{_currency_of(label, currency, inspection.source)}/MWh",
            rule=DAY_AHEAD_AUCTION,
        ),
        fields=fields,
        ignored=ignored,
        mark=IS_SYNTHETIC if IS_SYNTHETIC in header else "",
    )


def note_rules(layout: Layout, stated: Mapping[str, PublicationRule], inspection: Inspection) -> None:
    """Say which times of publication were taken for want of a statement."""
    if PRICE not in stated:
        inspection.note(
            FindingKind.STATED_RULE,
            f"taken as the result of the day-ahead auction, known {layout.price.rule}",
            f"state another rule for {PRICE} if it is not",
            row=0,
            column=layout.price.label,
        )
    for each in layout.fields:
        if each.name not in stated:
            inspection.note(
                FindingKind.STATED_RULE,
                "no time of publication is stated, so a value counts as known once its interval has ended",
                "state a rule for it if it is known earlier",
                row=0,
                column=each.label,
            )


def _exogenous(
    header: tuple[str, ...], price: str, currency: str | None, source: str
) -> tuple[tuple[Field, ...], tuple[str, ...]]:
    fields: list[Field] = []
    ignored: list[str] = []
    for label in header:
        if label in {TIME, price, IS_SYNTHETIC}:
            continue
        found = _UNIT.search(label)
        if found is not None:
            unit = _UNITS[found[1]]
        elif _MONEY.search(label):
            unit = f"{_code_in(label) or _currency_of(label, currency, source)}/MWh"
        else:
            ignored.append(label)
            continue
        fields.append(beside_price(Field(label=label, name=label, unit=unit, rule=AFTER_INTERVAL)))
    return tuple(fields), tuple(ignored)


def _code_in(label: str) -> str:
    found = _MONEY.search(label)
    return str(found[1]).upper() if found is not None and found[1] else ""


def _currency_of(label: str, currency: str | None, source: str) -> str:
    code = _code_in(label)
    if code and currency is not None and code != currency:
        message = (
            f"{source}, column {label}: it is in {code}, not in {currency}; leave the currency out or rename the column"
        )
        raise CurrencyError(message)
    if code or currency is not None:
        return code or str(currency)
    message = (
        f"{source}, column {label}: it does not say its currency; pass --currency EUR (or another ISO 4217 code), "
        f"or rename it to {label.removesuffix('per_mwh')}eur_per_mwh"
    )
    raise CurrencyError(message)


def _listed(header: tuple[str, ...]) -> str:
    return ", ".join(label or "a nameless column" for label in header)
