"""What each kind of input is worth to a day-ahead forecast: its error and what a battery earns with it.

`python benchmarks/forecast_ablation.py --market DE --json` prints one object and ends with 1 where a goal is not met.
The model is run over the last 182 days before the official test of a market (ENTSO-E zones and `DDNN`: before 2019),
once for each choice of inputs; nothing of the test is read. What a kind is worth is the step from one row to the next:
prices and calendar alone, load beside them, wind, sun and generation beside them, and all that is published before the
gate; below both, the same with holidays as plain days (`prices_but_holidays`, `all_but_holidays`); on top of all,
fuels and CO2 (`DDNN`: the close of two days before), what is published after the gate as if it were known (ENTSO-E
zones), and yesterday's spread to neighbours (`E_FR`). Money is that of 1 MW / 2 h traded against the forecast, net per
MW and year. A kind of which there are no data prints `not run`.

`planted` is SYNTHETIC: an invented market that the weather drives, with heat waves, forecast with the weather known
at the gate and without. No market here has weather beside its prices.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # the days run side by side; BLAS would fight them for the cores

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from time import perf_counter
from types import MappingProxyType

import numpy as np
from figures import NOT_RUN, ROOT, Figure, answer, questions, say
from forecast import EPF, TEST_DAYS, read

from battuta.adapters.compute.local import LocalCompute
from battuta.app.assets import site_from_file
from battuta.app.neighbours import with_neighbours
from battuta.app.weather import HeatWave, planted_market, with_weather
from battuta.domain.prices import Column, History, PriceSeries
from battuta.domain.publication import BEFORE_DAY_AHEAD_GATE, CLOSE_OF_DAY
from battuta.forecast.day_table import DayTable
from battuta.forecast.price_model import FAMILIES, PriceModel
from battuta.numerics import scores
from battuta.numerics.accuracy_test import daily_losses, diebold_mariano
from battuta.studies.backtest import run_backtest
from battuta.studies.forecast_evaluation import ForecastEvaluation, evaluate_forecasts

SCORED_DAYS = 182
WARM_UP_DAYS = 91
PLANTED = "planted"
MARKETS = ("DE", "NP", "FR", "E_FR", "DDNN", PLANTED)
TEST_FIRST = date(2019, 1, 1)
"""First day that is left alone where no count of days is official."""
WEATHER_GOAL = 0.9
"""Error with weather over error without, at most, where weather is the cause. [-]"""
PLANTED_FIRST, PLANTED_DAYS = date(2023, 1, 1), 972
HEAT_WAVE_DAYS = 3
HEAT_WAVES = tuple(
    HeatWave(first_day=date(year, month, day), n_days=HEAT_WAVE_DAYS)
    for year in (2023, 2024, 2025)
    for month, day in ((6, 17), (7, 8), (7, 29), (8, 12))
)
DE_LU, DE, CH = "de_lu", "de", "ch"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One choice of inputs, or why there is none.

    `base` names the choice that it adds to.
    """

    name: str
    series: PriceSeries | None
    base: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a choice came to."""

    choice: Choice
    evaluation: ForecastEvaluation
    earned_per_mw_year: float
    seconds: float
    notes: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def mae(self) -> float:
        """Mean absolute error. [currency/MWh]"""
        return scores.mae(self.evaluation.price_per_mwh, self.evaluation.point)


def main() -> int:
    """Measure a market and print it."""
    parser = questions(__doc__)
    parser.add_argument("--market", default="DE", choices=MARKETS)
    parser.add_argument("--families", default="+".join(FAMILIES), help="families of the model, such as linear+kernel")
    parser.add_argument("--days", type=int, default=SCORED_DAYS, help="days to score, the last before the test")
    parser.add_argument("--warm-up-days", type=int, default=WARM_UP_DAYS)
    parser.add_argument("--choices", help="choices of inputs to run, such as all,fuels; left out, all")
    parser.add_argument("--seed", type=int, default=1, help="seed of the planted market")
    options = parser.parse_args()
    model = PriceModel(families=tuple(options.families.split("+")))
    choices = planted_choices(options.seed) if options.market == PLANTED else real_choices(options.market)
    if options.choices:
        choices = [choice for choice in choices if choice.name in options.choices.split(",")]
    measured: dict[str, Measured] = {}
    for choice in choices:
        if choice.series is not None:
            measured[choice.name] = measure(choice, model, options.days, options.warm_up_days)
    if not measured:
        parser.error(f"no choice of inputs of {options.market} that can be run is called {options.choices}")
    say(table(choices, measured))
    figures = told(choices, measured)
    if {"prices", "weather"} <= set(measured):
        figures += weather_figures(measured)
    days = next(iter(measured.values())).evaluation.dates
    about: dict[str, object] = {
        "market": options.market,
        "families": model.name,
        "first_day": str(days[0]),
        "last_day": str(days[-1]),
        "label": next(iter(measured.values())).evaluation.prices.money_label,
    }
    return answer(figures, as_json=options.json, told=about)


def before_test(market: str, series: PriceSeries) -> PriceSeries:
    """The days before the official test, all that is read here."""
    days = series.days()
    first = len(days.dates) - TEST_DAYS if market in EPF else days.dates.index(TEST_FIRST)
    return series.slice(slice(0, int(days.start_index[first])))


def only(series: PriceSeries, wanted: Callable[[str, Column], bool]) -> PriceSeries:
    """The same prices with some of their columns."""
    kept = {name: column for name, column in series.columns.items() if wanted(name, column)}
    return replace(series, columns=MappingProxyType(kept))


def is_nothing(name: str, column: Column) -> bool:  # noqa: ARG001  asked as the others are
    """Tell nothing: prices and calendar stay."""
    return False


def is_early(_: str, column: Column) -> bool:
    """Tell what is published before the gate."""
    return column.rule == BEFORE_DAY_AHEAD_GATE


def is_load(name: str, column: Column) -> bool:
    """Tell a load forecast."""
    return is_early(name, column) and "load" in name


def is_generation(name: str, column: Column) -> bool:
    """Tell a forecast of wind, sun or generation."""
    return is_early(name, column) and "load" not in name


def real_choices(market: str) -> list[Choice]:
    """Choices of inputs of a market."""
    series = before_test(market, read(market))
    early = only(series, is_early)
    choices = [
        Choice(name="prices", series=only(series, is_nothing)),
        Choice(name="load", series=only(series, is_load), base="prices"),
    ]
    if any(is_generation(*each) for each in series.columns.items()):
        choices += [
            Choice(name="generation", series=only(series, is_generation), base="prices"),
            Choice(name="all", series=early, base="prices"),
        ]
    else:
        reason = "what the zone says of wind, sun and generation may come after the gate: see late_columns"
        choices += [
            Choice(name="generation", series=None, reason=reason),
            Choice(name="all", series=None, reason="load is all there is before the gate"),
        ]
    choices += fuels(series, early) + late_columns(market, early) + neighbours(market, early)
    choices += without_holidays(choices)
    return [*choices, Choice(name="weather", series=None, reason="no weather beside the prices of a market here")]


def without_holidays(choices: list[Choice]) -> list[Choice]:
    """Prices alone, and all that is known at the gate, with public holidays as plain days of the week."""
    richest = next(each for each in reversed(choices) if each.name in {"load", "all"} and each.series is not None)
    return [
        Choice(name=f"{each.name}_but_holidays", series=replace(each.series, holidays=None), base=each.name)
        for each in (choices[0], richest)
        if each.series is not None
    ]


def fuels(series: PriceSeries, early: PriceSeries) -> list[Choice]:
    """Fuels and CO2: closes of D-2, as they come (linear models alone look at them) and laid on the day."""
    closes = {name: column for name, column in series.columns.items() if column.rule == CLOSE_OF_DAY}
    if not closes:
        return [Choice(name="fuels", series=None, reason="no fuel or CO2 price beside the prices of this market")]
    table, n_late = DayTable(History(series)), 2
    laid: dict[str, Column] = {}
    for name, column in closes.items():
        days = DayTable(History(replace(series, price_per_mwh=column.values, columns=MappingProxyType({}))))
        rows = days.prices_per_mwh(0, len(days.dates) - n_late)
        rows = np.concatenate([np.full((n_late, days.n_slots), np.nan), rows])
        values = np.concatenate([table.on_steps(day, rows[day]) for day in range(len(table.dates))])
        laid[f"{name}_of_two_days_before"] = Column(values=values, unit=column.unit, rule=BEFORE_DAY_AHEAD_GATE)
    return [
        Choice(name="fuels", series=with_columns(early, closes), base="all"),
        Choice(name="fuels_laid_on_day", series=with_columns(early, laid), base="all"),
    ]


def with_columns(series: PriceSeries, more: dict[str, Column]) -> PriceSeries:
    """The same prices with more columns."""
    return replace(series, columns=MappingProxyType({**series.columns, **more}))


def late_columns(market: str, early: PriceSeries) -> list[Choice]:
    """What may be published after the gate, as if it were known: an upper bound, not a forecast that could be made."""
    late = only(before_test(market, read(market, late_columns=True)), is_early)
    if set(late.columns) == set(early.columns):
        return [Choice(name="late_columns", series=None, reason="no column comes after the gate")]
    return [Choice(name="late_columns", series=late, base="load")]


def neighbours(market: str, early: PriceSeries) -> list[Choice]:
    """Yesterday's spreads to neighbouring zones, where their prices are here."""
    if market != "E_FR":
        return [Choice(name="neighbours", series=None, reason="no prices of a neighbour on the same clock and days")]
    others = {CH: read("E_CH"), DE: read("DDNN"), DE_LU: read("E_DE_LU")}
    others = {name: before_test("E_" + name.upper(), each) for name, each in others.items()}
    n_days = len(others[DE_LU].days().dates)
    both = {name: others[name] for name in (CH, DE)}
    return [
        Choice(name="neighbour_ch", series=with_neighbours(early, {CH: others[CH]}), base="load"),
        Choice(name="neighbour_de", series=with_neighbours(early, {DE: others[DE]}), base="load"),
        Choice(name="neighbours", series=with_neighbours(early, both), base="load"),
        Choice(
            name="neighbour_de_lu",
            series=None,
            reason=f"this zone begins {n_days} days before the end, less than any window; Germany stands in by `de`",
        ),
    ]


def planted_choices(seed: int, n_days: int = PLANTED_DAYS) -> list[Choice]:
    """An invented market with and without the weather that drives it."""
    prices, weather = planted_market(seed, n_days, start=PLANTED_FIRST, heat_waves=HEAT_WAVES)
    joined = with_weather(prices, weather)
    return [Choice(name="prices", series=prices), Choice(name="weather", series=joined, base="prices")]


def measure(choice: Choice, model: PriceModel, days: int, warm_up_days: int) -> Measured:
    """Forecast the last days with a choice of inputs, and trade them."""
    assert choice.series is not None, choice.reason
    say(f"{choice.name}: {', '.join(choice.series.columns) or 'prices and calendar alone'}")
    started = perf_counter()
    evaluation = evaluate_forecasts(choice.series, days, model, LocalCompute(), warm_up_days=warm_up_days)
    notes: dict[str, int] = {}
    for said in evaluation.notes:
        for name in {each.split(":")[0] for each in said}:
            notes[name] = notes.get(name, 0) + 1
    measured = Measured(
        choice=choice,
        evaluation=evaluation,
        earned_per_mw_year=earned(evaluation),
        seconds=perf_counter() - started,
        notes=notes,
    )
    say(f"  mae {measured.mae:.3f}, {measured.seconds:.0f} s, days with notes {notes}")
    return measured


def earned(evaluation: ForecastEvaluation) -> float:
    """What 1 MW / 2 h earns with the forecast, net per MW and year. [currency/(MW year)]"""
    site = site_from_file(ROOT / "examples" / "benchmark_site.toml")
    table = DayTable(History(evaluation.prices))
    steps = np.full(evaluation.prices.n_times, np.nan)
    for day, point in zip(evaluation.days, evaluation.point, strict=True):
        steps[evaluation.prices.days().steps(day)] = table.on_steps(day, point)
    days = len(evaluation.days)
    result = run_backtest(evaluation.prices, site, ["day_ahead"], days, forecast_per_mwh=steps)
    return result.per_mw_year("day_ahead")


def told(choices: list[Choice], measured: dict[str, Measured]) -> list[Figure]:
    """Error and money of each choice, and how likely its lead over its base is luck."""
    currency = next(iter(measured.values())).evaluation.prices.currency
    figures: list[Figure] = []
    for choice in choices:
        each = measured.get(choice.name)
        mae, money = (NOT_RUN, NOT_RUN) if each is None else (each.mae, each.earned_per_mw_year)
        figures += [
            Figure(name=f"mae_{choice.name}", value=mae, unit=f"{currency}/MWh"),
            Figure(name=f"earned_{choice.name}", value=money, unit=f"{currency}/(MW year)"),
        ]
        if each is not None and choice.base in measured:
            p_value = luck(measured[choice.base], each)
            figures.append(Figure(name=f"p_not_better_{choice.name}_than_{choice.base}", value=p_value, unit="-"))
    return figures


def luck(base: Measured, each: Measured) -> float:
    """How likely a lead as large is where both are equally good. [-]"""
    price = each.evaluation.price_per_mwh
    before, after = (daily_losses(price, one.evaluation.point) for one in (base, each))
    return diebold_mariano(before, after).p_value


def weather_figures(measured: dict[str, Measured]) -> list[Figure]:
    """Errors on days of planted heat and on others, SYNTHETIC, and the goal."""
    dates = measured["prices"].evaluation.dates
    hot = {wave.first_day + timedelta(days=k) for wave in HEAT_WAVES for k in range(wave.n_days)}
    is_hot = np.array([each in hot for each in dates])
    figures: list[Figure] = []
    for where, days in (("heat_wave", is_hot), ("other_days", ~is_hot)):
        for name, each in measured.items():
            price, point = each.evaluation.price_per_mwh[days], each.evaluation.point[days]
            figures.append(Figure(name=f"mae_{where}_{name}", value=scores.mae(price, point), unit="EUR/MWh"))
    share = measured["weather"].mae / measured["prices"].mae
    return [
        *figures,
        Figure(name="days_heat_wave", value=float(is_hot.sum()), unit="d"),
        Figure(name="mae_weather_over_without", value=share, unit="-", goal=WEATHER_GOAL),
    ]


def table(choices: list[Choice], measured: dict[str, Measured]) -> str:
    """Lay the choices out for a reader."""
    first = next(iter(measured.values())).evaluation
    label = first.prices.money_label
    lines = [
        f"{label or first.prices.source}; {first.dates[0]} to {first.dates[-1]}, {first.model}",
        f"{'inputs':<20}{'beside':<10}{'MAE':>9}{'change':>9}{'luck':>8}{'earned per MW and year':>25}{'change':>9}",
    ]
    for choice in choices:
        each = measured.get(choice.name)
        if each is None:
            lines.append(f"{choice.name:<20}{NOT_RUN}: {choice.reason}")
            continue
        money = f"{each.earned_per_mw_year:.0f} {first.prices.currency}"
        row = f"{choice.name:<20}{choice.base or '-':<10}{each.mae:>9.3f}"
        if choice.base in measured:
            base = measured[choice.base]
            gained = each.earned_per_mw_year - base.earned_per_mw_year
            row += f"{each.mae / base.mae - 1.0:>+9.1%}{luck(base, each):>8.3f}{money:>25}{gained:>+9.0f}"
        else:
            row += f"{'-':>9}{'-':>8}{money:>25}{'-':>9}"
        lines.append(row)
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
