"""What was delivered, priced to the cent: exact decimals, rounded once."""

from __future__ import annotations

from decimal import Decimal

from battuta.domain.asset import Site
from battuta.domain.errors import ClockError, CurrencyError, DataError
from battuta.domain.market import Settlement, SettlementLine
from battuta.domain.money import exact, rounded
from battuta.domain.prices import PriceSeries
from battuta.domain.time import from_ns
from battuta.numerics.arrays import FloatArray, IntArray

_KWH_PER_MWH = Decimal(1000)


def settle(series: PriceSeries, site: Site, power_kw: FloatArray, steps: IntArray | None = None) -> Settlement:
    """Settle delivered battery power at a series of real prices.

    Parameters
    ----------
    series : PriceSeries
        Prices of the delivered intervals.
    site : Site
        Fees and auxiliary load.
    power_kw : ndarray, shape (n_times,)
        Net AC power of the battery, discharge positive. [kW]
    steps : ndarray, shape (n_times,), or None
        Indices of the delivered intervals in the series; None for all of them.

    Returns
    -------
    Settlement
        One line per interval, the exact sum, and the sum rounded once.

    Raises
    ------
    ClockError
        If the prices carry the benchmark clock ``local_24h``, which is never settled.
    CurrencyError
        If the site's currency is another one.
    DataError
        If power and prices differ in length, or a delivered interval has no price.
    """
    if series.is_benchmark:
        message = (
            f"{series.source or 'the series'} has the clock local_24h, whose days are not real; it is never settled"
        )
        raise ClockError(message)
    if series.currency != site.currency:
        message = f"prices are in {series.currency}, the site counts in {site.currency}; state a conversion first"
        raise CurrencyError(message)
    time_ns = series.time_ns if steps is None else series.time_ns[steps]
    price_per_mwh = series.price_per_mwh if steps is None else series.price_per_mwh[steps]
    if power_kw.shape != price_per_mwh.shape:
        message = f"power_kw has shape {power_kw.shape}, the prices have {price_per_mwh.shape}"
        raise DataError(message)
    hours = Decimal(int(series.step.total_seconds())) / Decimal(3600)
    auxiliary_kw = exact(site.battery.auxiliary_power_kw)
    fees = (exact(site.import_fee_per_mwh), -exact(site.export_fee_per_mwh))
    lines: list[SettlementLine] = []
    for start_ns, price, power in zip(time_ns, price_per_mwh, power_kw, strict=True):
        if price != price:  # noqa: PLR0124  the plain test for NaN
            message = f"{from_ns(int(start_ns)).isoformat()} has no price and cannot be settled"
            raise DataError(message)
        exported_kw = exact(float(power)) - auxiliary_kw
        energy_mwh = exported_kw * hours / _KWH_PER_MWH
        with_fee = exact(float(price)) + fees[0 if exported_kw < 0 else 1]
        lines.append(
            SettlementLine(
                start=from_ns(int(start_ns)),
                energy_mwh=energy_mwh,
                price_per_mwh=with_fee,
                amount=energy_mwh * with_fee,
            )
        )
    total = sum((line.amount for line in lines), Decimal(0))
    return Settlement(lines=tuple(lines), exact=total, total=rounded(total, series.currency), currency=series.currency)
