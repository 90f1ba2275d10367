"""How a source writes its files: a description as data, and its meeting with the header of one file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType

from battuta.adapters.markets.files.labels import ISO_8601, LabelStyle
from battuta.domain.errors import CurrencyError, UsageError
from battuta.domain.prices import PRICE
from battuta.domain.publication import PublicationRule
from battuta.domain.time import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column of a source.

    Attributes
    ----------
    label : str
        Its name in the file, without surrounding blanks.
    name : str
        Its name in Battuta, unit last.
    unit : str
        Unit after scaling.
    rule : PublicationRule
        When a value becomes known.
    factor : float
        What values of the file are multiplied by. [unit / unit of the file]
    zero_is_missing : bool
        True when the source writes 0 where it has no value.
    calendar : str
        Zone whose clocks the market of this price keeps, where it is not that of the source.
    """

    label: str
    name: str
    unit: str
    rule: PublicationRule
    factor: float = 1.0
    zero_is_missing: bool = False
    calendar: str = ""

    @property
    def currency(self) -> str:
        """ISO 4217 code of a price of energy, else empty."""
        code, _, per = self.unit.partition("/")
        return code if per == "MWh" and len(code) == 3 and code.isupper() else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What is read from one file, and how.

    Attributes
    ----------
    time : str
        Label of the time column.
    style : LabelStyle
        How times are written.
    clock : Clock
        The stated clock.
    zone : str
        Zone of the delivery day, empty where it must be stated.
    calendar : str
        Zone whose clocks the market keeps, for notes on regularised days; may be empty.
    step : timedelta or None
        Length of an interval where the source promises it.
    price : Field
        The traded column.
    fields : tuple of Field
        The other columns.
    constant : mapping of str to str
        Columns that must hold one value, and that value where it is prescribed.
    ignored : tuple of str
        Columns left out.
    missing_marks : frozenset of str
        Words for a missing value.
    mark : str
        Column that says whether the prices are synthetic, empty where there is none.
    """

    time: str
    style: LabelStyle
    clock: Clock
    zone: str
    calendar: str = ""
    step: timedelta | None = None
    price: Field
    fields: tuple[Field, ...] = ()
    constant: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    ignored: tuple[str, ...] = ()
    missing_marks: frozenset[str] = frozenset()
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """The description of a source.

    Attributes
    ----------
    name : str
        What a user names as the source.
    title : str
        What people call it.
    times : mapping of str to Clock
        Labels that the time column may have, and the clock each speaks of.
    zone : str
        Zone of the delivery day.
    calendar : str
        Zone whose clocks the market keeps, for notes on regularised days.
    fields : tuple of Field
        All columns that a file of this source may have.
    prices : tuple of str
        Labels of the traded column, the preferred first; empty where the user must choose.
    style : LabelStyle
        How times are written.
    step : timedelta or None
        Length of an interval where the source promises it.
    constant : tuple of str
        Columns that must hold a single value.
    currency_label : str
        Column that repeats the currency, empty where there is none.
    missing_marks : frozenset of str
        Words for a missing value.
    """

    name: str
    title: str
    times: Mapping[str, Clock]
    zone: str
    calendar: str = ""
    fields: tuple[Field, ...]
    prices: tuple[str, ...]
    style: LabelStyle = ISO_8601
    step: timedelta | None = None
    constant: tuple[str, ...] = ()
    currency_label: str = ""
    missing_marks: frozenset[str] = frozenset()

    def n_recognised(self, header: tuple[str, ...]) -> int:
        """Count the columns of a header that this source has, 0 where it cannot be one of its files."""
        labels = {each.label for each in self.fields}
        n_fields = sum(label in labels for label in header)
        has_price = not self.prices or any(label in header for label in self.prices)
        return n_fields if has_price and any(label in header for label in self.times) else 0

    def bind(self, header: tuple[str, ...], price_column: str | None) -> Layout:
        """Meet the header of one file.

        Parameters
        ----------
        header : tuple of str
            Column labels of the file; `n_recognised` must be positive for it.
        price_column : str or None
            The traded column, by its label or by its name in Battuta; None for the source's usual one.

        Returns
        -------
        Layout
            What to read.

        Raises
        ------
        UsageError
            If the traded column is not there, or must be chosen.
        """
        present = tuple(each for each in self.fields if each.label in header)
        chosen = price_column or next((label for label in self.prices if label in header), "")
        price = next((each for each in present if chosen in {each.label, each.name} and each.currency), None)
        if price is None:
            choices = ", ".join(repr(each.label) for each in present if each.currency)
            asked = f"has no price column {price_column!r}" if price_column else "holds several prices"
            options = "--price-column (--published-column, --forecast-column)"
            message = f"this {self.title} file {asked}; choose one with {options}: {choices}"
            raise UsageError(message)
        time = next(label for label in self.times if label in header)
        constant = dict.fromkeys((label for label in self.constant if label in header), "")
        if self.currency_label and self.currency_label in header:
            constant[self.currency_label] = price.currency
        known = {time, *constant, *(each.label for each in self.fields)}
        return Layout(
            time=time,
            style=self.style,
            clock=self.times[time],
            zone=self.zone,
            calendar=price.calendar or self.calendar,
            step=self.step,
            price=price,
            fields=tuple(beside_price(each) for each in present if each is not price),
            constant=constant,
            ignored=tuple(label for label in header if label not in known),
            missing_marks=self.missing_marks,
        )


def beside_price(each: Field) -> Field:
    """Give a price that is not the traded one another name than the traded one has."""
    return replace(each, name=f"real_{PRICE}") if each.name == PRICE else each


def with_rules(layout: Layout, rules: Mapping[str, PublicationRule]) -> Layout:
    """Replace publication rules that the caller knows better.

    Raises
    ------
    UsageError
        If a name is no column of the file.
    """
    names = {PRICE, *(each.name for each in layout.fields)}
    unknown = sorted(set(rules) - names)
    if unknown:
        message = f"rules: there is no column {', '.join(unknown)}; there are {', '.join(sorted(names))}"
        raise UsageError(message)
    price = replace(layout.price, rule=rules.get(PRICE, layout.price.rule))
    fields = tuple(replace(each, rule=rules.get(each.name, each.rule)) for each in layout.fields)
    return replace(layout, price=price, fields=fields)


def require_currency(price: Field, currency: str | None) -> None:
    """Refuse a stated currency that contradicts the file's.

    Raises
    ------
    CurrencyError
        If they differ.
    """
    if currency is not None and currency != price.currency:
        message = (
            f"column {price.label} is in {price.currency}, not in {currency}; leave the currency out, or convert the "
            "prices and rename the column"
        )
        raise CurrencyError(message)
