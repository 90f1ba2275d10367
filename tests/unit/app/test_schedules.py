"""Days and engines are chosen by name; what does not exist is refused with what does."""

from datetime import date

import pytest

from battuta.app.assets import default_site
from battuta.app.prices import synthetic_prices
from battuta.app.schedules import engine_by_name, parse_days, select_days, timed_schedule
from battuta.domain.errors import CurrencyError, DataError, InvalidQuantityError, UsageError
from battuta.trading.schedule import Engine


@pytest.fixture(scope="module")
def series():
    return synthetic_prices(1, 5)


def test_both_engines_find_the_same_money(series):
    day = select_days(series, day="2026-01-02")
    engines = [engine_by_name(name) for name in ("dynamic", "milp")]
    dynamic, milp = (timed_schedule(day, default_site(), engine, is_calm=False) for engine in engines)
    assert dynamic.objective == pytest.approx(milp.objective, rel=1e-6)
    assert dynamic.power_kw.shape == (24,)
    assert dynamic.seconds > 0.0


def test_days_are_cut_out(series):
    assert select_days(series) is series
    assert select_days(series, day="2026-01-02").days().dates == (date(2026, 1, 2),)
    assert select_days(series, last_days=2).days().dates == (date(2026, 1, 4), date(2026, 1, 5))


@pytest.mark.parametrize(
    ("chosen", "error", "said"),
    [
        ({"day": "2026-01-02", "last_days": 1}, UsageError, "not both"),
        ({"day": "tomorrow"}, UsageError, "YYYY-MM-DD"),
        ({"day": "2027-01-01"}, DataError, "2026-01-01 to 2026-01-05"),
        ({"last_days": 0}, UsageError, r"\[1, 5\]"),
        ({"last_days": 6}, UsageError, r"\[1, 5\]"),
    ],
)
def test_days_that_do_not_exist_are_refused(series, chosen, error, said):
    with pytest.raises(error, match=said):
        select_days(series, **chosen)


def test_names_that_do_not_exist_are_refused(series):
    assert engine_by_name("auto") is Engine.AUTO
    with pytest.raises(UsageError, match="choose from auto"):
        engine_by_name("magic")
    with pytest.raises(CurrencyError, match="GBP"):
        timed_schedule(series, default_site("GBP"))


@pytest.mark.parametrize(
    "stated", [{"soc_start": 2.0}, {"soc_start": float("nan")}, {"soc_end": -0.1}, {"temperature_c": float("nan")}]
)
def test_what_is_no_quantity_is_refused(series, stated):
    (name,) = stated
    with pytest.raises(InvalidQuantityError, match=name):
        timed_schedule(series, default_site(), **stated)


@pytest.mark.parametrize("text", ["", "7", "d", "0d", "-1d", "1.5d", "25h", "7w"])
def test_a_duration_is_whole_days(text):
    assert (parse_days("7d"), parse_days("48h")) == (7, 2)
    with pytest.raises(UsageError, match="duration"):
        parse_days(text)


@pytest.mark.parametrize("text", ["²d", "99999999999999999999d", "9" * 5000 + "d", "", "d", "-1d"])
def test_a_duration_that_is_none_is_refused(text):
    with pytest.raises(UsageError, match="is not understood; write e"):
        parse_days(text)
