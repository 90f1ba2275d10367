"""Options that several commands share, spelled once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from battuta.app.prices import PriceRequest
    from battuta.domain.asset import Site
    from battuta.domain.imports import ImportFinding, PriceImport
    from battuta.domain.prices import PriceSeries

PricesArgument: TypeAlias = Annotated[Path, typer.Argument(help="Price file: CSV, gzipped CSV or Parquet.")]
AssetOption: TypeAlias = Annotated[Path, typer.Option("--asset", help="Asset file (TOML); see: battuta schema asset.")]
SourceOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--source",
        help="Its layout: canonical, epf, ddnn, epex_lear, entsoe, entsoe_export, german_intraday, nyiso, caiso.",
    ),
]
ClockOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--clock", help="Clock of the labels: offset, utc, fixed:+01:00, local:Europe/Berlin, local_24h."),
]
ZoneOption: TypeAlias = Annotated[str | None, typer.Option("--zone", help="IANA zone of the delivery day.")]
CurrencyOption: TypeAlias = Annotated[
    str | None, typer.Option("--currency", help="Currency of prices whose column does not say it.")
]
ColumnOption: TypeAlias = Annotated[
    str | None, typer.Option("--price-column", help="The traded column where a file has several.")
]
AllowOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--allow", help="Let a kind of finding pass (gap, zero_day, ...); nothing is ever filled. Repeatable."
    ),
]
GateOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--gate", help="When day-ahead orders close, market time of the day before; 12:00 if left out."),
]
HolidaysOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--holidays",
        help="Public holidays that count as Sundays: of a country or a part of it (DE, DE-BY), zone for the country of "
        "the prices' zone, or none.",
    ),
]
EngineOption: TypeAlias = Annotated[str, typer.Option("--engine", help="auto, dynamic or milp.")]
TemperatureOption: TypeAlias = Annotated[
    float | None, typer.Option("--temperature-c", help="Cell temperature for the temperature tapers [degC].")
]
JobsOption: TypeAlias = Annotated[
    Path | None, typer.Option("--jobs-dir", help="Folder of the jobs; battuta-jobs if left out.")
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, talk on stderr.")]


def read_site(path: Path) -> Site:
    """Read an asset file and say on stderr what of it had to give way."""
    from battuta.app.assets import site_from_file
    from battuta.domain.wear import convexification_notes
    from battuta.interfaces.cli.output import note

    site = site_from_file(path)
    for text in convexification_notes(site.battery.wear):
        note(f"{path.name}: {text}")
    return site


def price_request(
    path: Path,
    source: str,
    clock: str | None,
    zone: str | None,
    currency: str | None,
    price_column: str | None,
    allow: list[str] | None,
    gate: str | None = None,
    holidays: str = "none",
) -> PriceRequest:
    """Bundle what a user stated about a price file."""
    from battuta.app.prices import PriceRequest

    return PriceRequest(
        path=path,
        source=source,
        clock=clock,
        zone=zone,
        currency=currency,
        price_column=price_column,
        allow=tuple(allow or ()),
        gate=gate,
        holidays=holidays,
    )


def read_and_report(request: PriceRequest) -> PriceImport:
    """Read a price file and say on stderr what was seen in it."""
    from battuta.app.holidays import OF_ZONE
    from battuta.app.prices import load_prices
    from battuta.interfaces.cli.output import note

    imported = load_prices(request)
    for finding in _joined(imported.findings):
        note(f"{request.path.name}: {finding}")
    if request.holidays == OF_ZONE:
        note(_whose_holidays(imported.series))
    return imported


def _whose_holidays(prices: PriceSeries) -> str:
    """Say whose public holidays were taken without being asked for."""
    if prices.holidays is None:
        return f"public holidays: none, as no country belongs to {prices.zone}; name one with --holidays, such as DE"
    return f"public holidays: those of {prices.holidays.place} count as Sundays; name others with --holidays"


def refuse_alone(needed: str, is_there: bool, given: Mapping[str, object]) -> None:
    """Refuse options that nothing would be done with, as they say something about another one that is not there.

    Parameters
    ----------
    needed : str
        The other option, with what stands after it.
    is_there : bool
        Whether it was given.
    given : mapping of str to object
        Options and what was given for them, None for nothing.

    Raises
    ------
    UsageError
        If one of them stands alone.
    """
    from battuta.domain.errors import UsageError

    alone = [name for name, value in given.items() if value is not None]
    if alone and not is_there:
        one = len(alone) == 1
        message = (
            f"{', '.join(alone)} {'does' if one else 'do'} nothing alone; give {needed} with {'it' if one else 'them'}"
        )
        raise UsageError(message)


def refuse_to_overwrite(read: Sequence[Path | None], out: Path | None, *more: Path | None) -> None:
    """Refuse, before anything is read, results that would take the place of what is read, or that cannot be written.

    Parameters
    ----------
    read : sequence of Path or None
        What is read: prices, an asset, weather, other zones; None for what was not given.
    out : Path or None
        Where a table is written.
    *more : Path or None
        Where a report, or anything else, is written.

    Raises
    ------
    UsageError
        If a result is a file that is read, by whatever name, or another result; or a table ends in another way than
        tables do.
    DataError
        If a result is a folder, or its own folder takes none.
    """
    from battuta.domain.errors import UsageError
    from battuta.interfaces.python.tables import require_frame_path, require_writable

    require_frame_path(out)
    for path in more:
        require_writable(path)
    written = [path for path in (out, *more) if path is not None]
    for place, path in enumerate(written):
        before = next((each for each in read if each is not None and _is_same_file(each, path)), None)
        if before is not None:
            message = f"{path} would overwrite {before}, which is read; give the result a name of its own"
            raise UsageError(message)
        if any(_is_same_file(path, other) for other in written[:place]):
            message = f"{path} would overwrite another result; give each a name of its own"
            raise UsageError(message)


def _is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, there or not yet, over links of either kind."""
    if one.resolve() == other.resolve():
        return True
    return one.exists() and other.exists() and one.samefile(other)


def _joined(findings: Sequence[ImportFinding]) -> list[ImportFinding]:
    """Say once what was seen alike in several columns."""
    joined: dict[tuple[str, int, str], ImportFinding] = {}
    for finding in findings:
        alike = (finding.kind, finding.row, finding.message)
        first = joined.get(alike)
        columns = finding.column if first is None else f"{first.column}, {finding.column}"
        joined[alike] = replace(finding, column=columns)
    return list(joined.values())
