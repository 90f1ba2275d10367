"""Modes and holds in plain words."""

import numpy as np
import pytest

from battuta.domain.command import Owner, Reason
from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal, SiteImage, Source
from battuta.interfaces.cli.live_words import HELD, MODE, STOPPED, held_by, lost_of, mode_of
from battuta.site.fast_lane import FastCause

SAID_BY_MODE = {
    Reason.MARKET,
    Reason.SELF_CONSUMPTION,
    Reason.REST,
    Reason.STALE_TELEMETRY,
    Reason.STALE_DISPATCH,
    Reason.CLOCK_STEP,
    Reason.FAST_LANE,
}


def image_of(n_sites: int = 2) -> SiteImage:
    return SiteImage(time_ns=0, values=np.ones((N_SIGNALS, n_sites)), age_s=np.zeros((N_SOURCES, n_sites)))


def test_a_site_that_keeps_power_for_frequency_says_how_much() -> None:
    assert mode_of(Owner.MARKET, Reason.MARKET | Reason.RESERVATION, (), (), "ce_fcr") == "market+fcr"
    assert held_by(Owner.MARKET, Reason.MARKET | Reason.RESERVATION, 20.0, 0.5) == ["20 kW kept for frequency"]
    assert held_by(Owner.MARKET, Reason.MARKET, 20.0, 0.5) == []


@pytest.mark.parametrize(
    ("reasons", "lost", "stops", "mode"),
    [
        (Reason.FAST_LANE | Reason.SELF_CONSUMPTION, (), ("GAS",), "stopped (gas)"),
        (Reason.FAST_LANE, (), ("GAS", "SMOKE"), "stopped (gas+smoke)"),
        (Reason.FAST_LANE | Reason.STALE_TELEMETRY, ("meter",), (), "stopped"),
        (Reason.FAST_LANE, (), ("SOMETHING_NEW",), "stopped (something new)"),
        (Reason.STALE_TELEMETRY, ("meter",), (), "safe state (meter)"),
        (Reason.STALE_TELEMETRY, ("meter", "battery"), (), "safe state (meter+battery)"),
        (Reason.STALE_TELEMETRY, ("meter", "battery", "converter"), (), "safe state (all silent)"),
        (Reason.STALE_DISPATCH, (), (), "safe state (conductor)"),
        (Reason.CLOCK_STEP, (), (), "safe state (clock)"),
    ],
)
def test_a_stop_comes_before_a_safe_state_and_both_before_an_owner(reasons, lost, stops, mode) -> None:
    assert mode_of(Owner.SELF_CONSUMPTION, reasons, lost, stops, "ce_fcr") == mode


@pytest.mark.parametrize(
    ("product", "mode"),
    [("", "market"), ("gb_dc", "market+dc"), ("nordic_ffr_49_5", "market+ffr"), ("own", "market+own")],
)
def test_a_product_has_a_short_name(product, mode) -> None:
    assert mode_of(Owner.MARKET, Reason.MARKET, (), (), product) == mode


def test_a_stopped_site_is_held_by_nothing_but_its_stop() -> None:
    assert held_by(Owner.SAFETY, Reason.FAST_LANE | Reason.RATED_POWER, 20.0, 0.5) == ["must be reset"]


@pytest.mark.parametrize(("soc", "word"), [(0.95, "battery full"), (0.05, "battery empty"), (np.nan, "full or empty")])
def test_the_end_of_the_window_is_full_or_empty(soc, word) -> None:
    assert held_by(Owner.MARKET, Reason.SOC_WINDOW | Reason.RAMP, 0.0, soc) == [word, "ramping"]


def test_every_owner_reason_and_cause_has_words() -> None:
    assert set(MODE) == set(Owner)
    assert set(HELD) | SAID_BY_MODE == set(Reason)
    assert set(HELD).isdisjoint(SAID_BY_MODE)
    assert set(STOPPED) == {each.name for each in FastCause}
    assert held_by(Owner.RECOVERY, Reason.RECOVERY, 0.0, 0.5) == []


def test_what_is_lost_is_what_is_old_or_missing() -> None:
    image = image_of()
    image.age_s[Source.METER, 1] = 5.1
    image.age_s[Source.PANEL, 0] = 99.0
    image.values[Signal.SOC, 1] = np.nan
    assert lost_of(image, 0) == []
    assert lost_of(image, 1) == ["meter", "battery"]
