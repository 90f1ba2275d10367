"""Costs and windows as people state them, and what is wrong with those that are none."""

from datetime import UTC, date, datetime

import pytest

from battuta.app.health_plan import plan_stated, read_day, read_settings, read_windows
from battuta.domain.errors import BattutaError, InvalidQuantityError, UsageError
from battuta.health.maintenance_settings import MaintenanceSettings
from unit.health.maintenance_cases import TODAY, finding, window


def test_words_hold_over_the_file(tmp_path) -> None:
    path = tmp_path / "costs.toml"
    path.write_text('module_cost = 5000\nn_spares = 2\ncurrency = "USD"\n')
    settings, names = read_settings(path, {"module_cost": "4200.5", "days_assumed": "[20, 60, 180]"})
    assert (settings.module_cost, settings.n_spares, settings.currency) == (4200.5, 2, "USD")
    assert settings.days_assumed == (20.0, 60.0, 180.0)
    assert set(names) == {"module_cost", "n_spares", "currency", "days_assumed"}


def test_nothing_stated_is_the_defaults() -> None:
    assert read_settings(None, {}) == (MaintenanceSettings(), ())


@pytest.mark.parametrize(
    ("stated", "kind", "word"),
    [
        ({"module_price": "3"}, UsageError, "there are currency, module_cost"),
        ({"module_cost": "dear"}, UsageError, "that is no number"),
        ({"n_spares": "1.5"}, UsageError, "n_spares"),
        ({"days_assumed": "[1, 2]"}, UsageError, "days_assumed"),
        ({"module_cost": "-3"}, InvalidQuantityError, "module_cost = -3"),
    ],
)
def test_what_is_no_setting_is_named(stated, kind, word) -> None:
    with pytest.raises(kind, match=word):
        read_settings(None, stated)


def test_a_file_that_is_none_is_named(tmp_path) -> None:
    path = tmp_path / "costs.toml"
    with pytest.raises(UsageError, match=r"costs.toml is no file of costs"):
        read_settings(path, {})
    for text in ("module_cost == 3", f"module_cost = {'3' * 5000}"):
        path.write_text(text)
        with pytest.raises(UsageError, match=r"costs.toml is no file of costs"):
            read_settings(path, {})
    path.write_bytes(b"\xff")
    with pytest.raises(UsageError, match=r"costs.toml is no file of costs"):
        read_settings(path, {})


@pytest.mark.parametrize("word", ["", "2026-12-14", "14.12.2026:8", "2026-12-14:x", "2026-12-14:0", "2026-12-14:nan"])
def test_what_is_no_window_is_named(word) -> None:
    with pytest.raises(UsageError, match="write a day and the hours"):
        read_windows([word])


def test_days_are_read() -> None:
    assert read_day("2026-12-14") == date(2026, 12, 14)
    assert read_day(None) is None
    with pytest.raises(BattutaError, match="no day"):
        read_day("tomorrow")


def test_what_nobody_stated_is_told() -> None:
    made = plan_stated([finding(1)], [window(30)], MaintenanceSettings(), stated=("module_cost",), today=TODAY)
    assert "visit_cost" in made.assumed
    assert not {"module_cost", "probability_assumed", "days_assumed"} & set(made.assumed)
    assert made.plan.today == TODAY


@pytest.mark.parametrize("today", ["2026-06-01", 5, datetime(2026, 6, 1, tzinfo=UTC)])
def test_a_day_that_is_none_is_refused(today) -> None:
    with pytest.raises(UsageError, match=r"which is no day without a time; give it as datetime\.date"):
        plan_stated([], read_windows(["2026-12-14:16"]), read_settings(None, {})[0], stated=(), today=today)
