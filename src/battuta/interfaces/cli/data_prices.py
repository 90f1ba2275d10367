"""``battuta data prices``: fetch day-ahead prices from a public service into a canonical file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from battuta.interfaces.cli import options, output

if TYPE_CHECKING:
    from battuta.app.fetch_prices import FetchedPrices

SERVICES = ("energy_charts", "entsoe")


def run(
    service: Annotated[str, typer.Option("--from", help="energy_charts, or entsoe (needs BATTUTA_ENTSOE_TOKEN).")],
    zone_code: Annotated[str, typer.Option("--zone-code", help="Bidding zone, e.g. DE-LU.")],
    start: Annotated[str, typer.Option("--start", help="First delivery day, YYYY-MM-DD.")],
    end: Annotated[str, typer.Option("--end", help="Last delivery day, included.")],
    out: Annotated[Path, typer.Option("--out", help="File to write (CSV or Parquet).")],
    base_url: Annotated[str | None, typer.Option("--base-url", help="Another address of the service.")] = None,
    is_offline: Annotated[bool, typer.Option("--offline", help="Use kept answers only; ask nobody.")] = False,
    as_json: options.JsonOption = False,
) -> None:
    """Fetch day-ahead prices of a bidding zone, with attribution and licence.

    Not yet run against the live services: tested against stand-ins that speak the documented formats.
    """
    from battuta.app.fetch_prices import PriceService, PriceWish, cache_folder, fetch_prices

    if service not in SERVICES:
        from battuta.domain.errors import UsageError

        message = f"--from {service!r} is not known; choose from {', '.join(SERVICES)}"
        raise UsageError(message)
    wish = PriceWish(
        service=PriceService(service),
        zone_code=zone_code,
        first_day=start,
        last_day=end,
        base_url=base_url,
        is_offline=is_offline,
    )
    if cache_folder(wish.service) is None:
        output.note("no cache folder can be made, so the answer is not kept; set XDG_CACHE_HOME to keep it")
    fetched = fetch_prices(wish, out)
    for warning in fetched.warnings:
        output.note(f"{service}: {warning}")
    if as_json:
        output.print_json(summary(fetched, out))
        return
    series = fetched.series
    print(f"{out}: {series.n_times} prices of {series.step}, {series.currency}/MWh, {start} to {end}")
    print(f"source:  {fetched.attribution}{' (kept answer)' if fetched.from_cache else ''}")
    print(f"licence: {fetched.licence}")
    print(f"use it:  battuta backtest {out} --asset FILE --zone {series.zone}")


def summary(fetched: FetchedPrices, out: Path) -> dict[str, output.Json]:
    """Write what was fetched as the command's JSON object."""
    series = fetched.series
    return {
        "path": str(out),
        "prices": series.n_times,
        "step_minutes": series.step.total_seconds() / 60.0,
        "currency": series.currency,
        "zone": series.zone,
        "attribution": fetched.attribution,
        "licence": fetched.licence,
        "fetched_at": fetched.fetched_at.isoformat(),
        "from_cache": fetched.from_cache,
        "addresses": list(fetched.addresses),
        "sha256": list(fetched.sha256),
        "warnings": list(fetched.warnings),
    }
