"""The market of a study: prices of years that were, what a strategy would have traded in them, and what is expected."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from battuta.adapters.files.expected_years_file import read_expected_years
from battuta.adapters.markets.simulated import simulated_prices
from battuta.app.prices import PriceRequest, load_prices
from battuta.domain.day_ahead_trading import DayAheadTrading
from battuta.domain.errors import DataError
from battuta.domain.market_history import ExpectedYear, MarketHistory
from battuta.domain.prices import PriceSeries
from battuta.domain.study import Study
from battuta.studies.life_study_result import StudyInput
from battuta.studies.trading_duty import trading_duty
from battuta.twin.study_pack import study_pack

_SOC_START = 0.5
_FLAG = re.compile(r"(?:pass )?--(?P<key>clock|zone|currency|price-column|source)(?: (?P<value>[A-Za-z][\w:+/-]*))?")
"""Flag by which other commands mend a price file, and its value."""


@contextmanager
def _mends_in_the_study() -> Generator[None]:
    """Say the mends of a price file as keys of the study, where the reader of prices names flags of other commands."""
    try:
        yield
    except DataError as error:
        error.args = (f"[market.history]: {_FLAG.sub(_as_key, str(error))}",)
        raise


def _as_key(flag: re.Match[str]) -> str:
    """Write a flag, and what it is given, as a line of TOML."""
    key, value = flag["key"].replace("-", "_"), flag["value"]
    return f"[market.history] {key}" + ("" if value is None else f' = "{value}"')


@dataclass(slots=True)
class MarketInputs:
    """Files of a study's market, each read once.

    Attributes
    ----------
    study : Study
        What is asked.
    folder : Path
        Where the files that it names lie.
    """

    study: Study
    folder: Path
    _prices: PriceSeries | None = field(default=None, init=False)
    _expected: tuple[ExpectedYear, ...] | None = field(default=None, init=False)

    def expected(self) -> tuple[ExpectedYear, ...]:
        """What somebody expects of the years; empty where the study names no file of it. Raises DataError."""
        history = self.study.market.history
        if self._expected is None:
            path = None if history is None else history.expected_path
            self._expected = () if path is None else read_expected_years(self.folder / path)
        return self._expected

    def traded(self, duty: DayAheadTrading) -> StudyInput:
        """Trade all years of history; raises as `trading_duty` and the reader of prices."""
        history = self.study.market.history
        assert history is not None, "a study that trades names its prices"
        prices = self._read(history)
        pack = study_pack(self.study.battery, duty, _SOC_START)
        wanted = history.years
        if history.path is None:
            wanted = tuple(range(self.study.first_year - history.synthetic_years, self.study.first_year))
        traded = trading_duty(duty, prices, wanted, pack, self.study.finance.currency)
        years = ", ".join(str(each.year) for each in traded.years)
        return StudyInput(
            power_kw=traded.years[0].power_kw,
            sold_kw=0.0,
            soc_start=_SOC_START,
            sample_s=prices.step.total_seconds(),
            source=f"schedules of {duty.strategy} on prices of {years} ({prices.source})",
            is_synthetic=prices.is_synthetic,
            is_schedule=True,
            traded=traded,
        )

    def _read(self, history: MarketHistory) -> PriceSeries:
        """Prices of the file, or synthetic ones, which begin a year earlier: strategies look back."""
        if self._prices is None and history.path is None:
            first, last = self.study.first_year - history.synthetic_years - 1, self.study.first_year
            n_days = (date(last, 1, 1) - date(first, 1, 1)).days
            currency = self.study.finance.currency
            self._prices = simulated_prices(self.study.seed, date(first, 1, 1), n_days, currency=currency)
        elif self._prices is None:
            assert history.path is not None, "the other branch makes prices"
            request = PriceRequest(
                path=self.folder / history.path,
                source=history.source,
                clock=history.clock,
                zone=history.zone,
                currency=history.currency,
                price_column=history.price_column,
                allow=history.allow,
            )
            with _mends_in_the_study():
                self._prices = load_prices(request).series
        assert self._prices is not None, "one of the branches reads or makes them"
        return self._prices
