"""The cooler: it acts once a minute, asks again what was not taken, narrows where it must, and tells of chillers."""

import numpy as np
import pytest

from battuta.domain.command import Owner
from battuta.domain.errors import UsageError
from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal, SiteImage, Source
from battuta.domain.time import NS_PER_S
from battuta.physics.container_parameters import container_parameters
from battuta.services.conductor_events import Alarm, ChillersAsked, WishesPosted
from battuta.services.cooler import EXPIRY_S, CoolerState, ImageSeen, PowerPlanned, step
from battuta.site.cooling_foresight import plan_cooling
from battuta.site.cooling_foresight_nameplate import nameplate_of

CABINET = container_parameters("lfp_314ah").scaled(200)
PLATE = nameplate_of(CABINET, 100.0)
START_NS = 1_800_000_000 // 1800 * 1800 * NS_PER_S
"""A whole half hour."""


class Cooled:
    """A cooler, and chillers that take each setpoint unless they are deaf."""

    def __init__(self, n_sites: int = 1, planned_kw: float = 0.0) -> None:
        each = np.ones(n_sites)
        self.state = CoolerState.at_rest(
            [PLATE] * n_sites, limit_c=45.0 * each, rated_kw=100.0 * each, default_setpoint_c=20.0 * each
        )
        self.now_ns = START_NS
        self.values = np.zeros((N_SIGNALS, n_sites))
        self.age_s = np.zeros((N_SOURCES, n_sites))
        self.deaf = np.zeros(n_sites, dtype=bool)
        self.set(Signal.CHILLER_SETPOINT_C, 20.0)
        self.set(Signal.AMBIENT_TEMPERATURE_C, 35.0)
        self.warm(30.0)
        self.plan(planned_kw)

    def set(self, signal: Signal, value: float, site: int | slice = slice(None)) -> None:
        self.values[signal, site] = value

    def warm(self, cell_c: float, site: int | slice = slice(None)) -> None:
        self.set(Signal.CELL_TEMPERATURE_C_MEAN, cell_c, site)
        self.set(Signal.CELL_TEMPERATURE_C_MAX, cell_c + 0.5, site)
        self.set(Signal.COOLANT_TEMPERATURE_C, cell_c, site)

    def plan(self, power_kw: float, n_hours: int = 24) -> None:
        course = np.zeros((96, self.values.shape[1]))
        course[: 4 * n_hours] = power_kw
        self.state, effects = step(self.state, PowerPlanned(start_ns=START_NS, step_s=900.0, power_kw=course))
        assert effects == ()

    def seconds(self, n_seconds: int, every_s: int = 1) -> list:
        told = []
        for _ in range(0, n_seconds, every_s):
            image = SiteImage(time_ns=self.now_ns, values=self.values.copy(), age_s=self.age_s.copy())
            self.state, effects = step(self.state, ImageSeen(image=image))
            for effect in effects:
                told.append(effect)
                if isinstance(effect, ChillersAsked):
                    heard = ~np.isnan(effect.setpoint_c) & ~self.deaf
                    self.values[Signal.CHILLER_SETPOINT_C, heard] = effect.setpoint_c[heard]
            self.now_ns += every_s * NS_PER_S
        return told

    def minutes(self, n_minutes: int) -> list:
        return self.seconds(60 * n_minutes, every_s=10)


def of(told: list, kind: type) -> list:
    return [each for each in told if isinstance(each, kind)]


def test_it_acts_when_a_minute_is_over_and_asks_once() -> None:
    cooled = Cooled()
    assert cooled.seconds(60) == []
    asked = of(cooled.seconds(1), ChillersAsked)
    assert [each.setpoint_c.tolist() for each in asked] == [[35.0]]
    assert of(cooled.seconds(600), ChillersAsked) == []


def test_before_a_hot_day_of_full_power_it_cools() -> None:
    cooled = Cooled(planned_kw=100.0)
    cooled.warm(38.0)
    asked = of(cooled.minutes(2), ChillersAsked)
    assert asked[-1].setpoint_c[0] <= 38.5 - PLATE.cool_on_k


def test_a_setpoint_that_was_not_taken_is_asked_again_and_told_once() -> None:
    cooled = Cooled(n_sites=2)
    cooled.deaf[1] = True
    told = cooled.minutes(6)
    asked = of(told, ChillersAsked)
    assert len(asked) == 5
    np.testing.assert_array_equal(asked[-1].setpoint_c, [np.nan, 35.0])
    assert of(told, Alarm) == [Alarm(site=1, cause="CHILLER_NOT_OBEYING", calls_out=False)]
    cooled.deaf[1] = False
    assert of(cooled.minutes(4), Alarm) == [Alarm(site=1, cause="CHILLER_NOT_OBEYING_BACK", calls_out=False)]


def test_a_register_that_stands_where_it_is_asked_by_chance_has_not_obeyed() -> None:
    cooled = Cooled()
    cooled.deaf[0] = True
    cooled.minutes(3)
    cooled.set(Signal.CELL_TEMPERATURE_C_MEAN, np.nan)
    told = cooled.minutes(4)
    assert cooled.state.asked_c[0] == cooled.values[Signal.CHILLER_SETPOINT_C, 0] == 20.0
    assert of(told, Alarm) == []
    assert cooled.state.is_deaf[0]


def test_power_is_narrowed_where_the_chiller_does_not_obey_and_let_go_when_it_does() -> None:
    cooled = Cooled(n_sites=2)
    cooled.plan(100.0, n_hours=1)
    cooled.deaf[1] = True
    cooled.warm(38.0)
    wishes = of(cooled.minutes(3), WishesPosted)
    last = wishes[-1]
    assert last.owner is Owner.COOLING
    assert last.high_kw[0] == np.inf
    assert 0.0 <= last.high_kw[1] < 90.0
    np.testing.assert_array_equal(last.low_kw, -last.high_kw)
    assert last.expires_ns == cooled.now_ns + int((EXPIRY_S - 60.0) * NS_PER_S)
    cooled.deaf[1] = False
    cooled.warm(25.0)
    freed = of(cooled.minutes(5), WishesPosted)
    assert np.isinf(freed[-1].high_kw).all()
    assert of(cooled.minutes(3), WishesPosted) == []


def test_a_silent_chiller_is_told_not_counted_on_and_told_again_when_it_speaks() -> None:
    cooled = Cooled()
    cooled.plan(100.0, n_hours=1)
    cooled.warm(38.0)
    assert of(cooled.minutes(5), WishesPosted) == []
    cooled.age_s[Source.CHILLER] = 120.0
    told = cooled.minutes(3)
    assert of(told, Alarm) == [Alarm(site=0, cause="CHILLER_SILENT", calls_out=False)]
    assert of(told, WishesPosted)[-1].high_kw[0] < 100.0
    cooled.age_s[Source.CHILLER] = 0.0
    assert of(cooled.minutes(3), Alarm) == [Alarm(site=0, cause="CHILLER_SILENT_BACK", calls_out=False)]


def test_where_cells_are_not_seen_the_default_is_asked_and_the_last_limit_stays() -> None:
    cooled = Cooled(planned_kw=100.0)
    cooled.deaf[0] = True
    cooled.warm(40.0)
    before = of(cooled.minutes(3), WishesPosted)[-1]
    cooled.set(Signal.CELL_TEMPERATURE_C_MAX, np.nan)
    cooled.set(Signal.CELL_TEMPERATURE_C_MEAN, np.nan)
    told = cooled.minutes(3)
    assert of(told, ChillersAsked)[-1].setpoint_c[0] == 20.0
    assert of(told, WishesPosted)[-1].high_kw[0] == pytest.approx(before.high_kw[0], rel=1e-3)


def test_power_beyond_the_plan_is_expected_to_go_on() -> None:
    cooled = Cooled(planned_kw=30.0)
    cooled.set(Signal.CONVERTER_POWER_KW, 100.0)
    cooled.minutes(150)
    assert cooled.state.plan.power_pu[0, 0] > 0.6
    cooled.set(Signal.CONVERTER_POWER_KW, -30.0)
    cooled.minutes(600)
    assert cooled.state.plan.power_pu[0, 0] == pytest.approx(0.3, abs=0.05)


def test_a_plan_made_bit_by_bit_is_that_made_at_once() -> None:
    cooled = Cooled(n_sites=7, planned_kw=0.0)
    cooled.seconds(900, every_s=10)
    assert cooled.state.n_priced == 4
    cooled.seconds(900, every_s=10)
    coming = cooled.state.coming
    cooled.seconds(70, every_s=10)
    assert cooled.state.plan.value_kwh is coming.value_kwh
    whole = plan_cooling(cooled.state.foresight, coming.power_pu, coming.ambient_c, cooled.state.limit_c)
    np.testing.assert_allclose(coming.value_kwh[0, :, :60], whole.value_kwh[0, :, :60], rtol=0.05)
    assert np.isfinite(coming.value_kwh).all()


def test_what_slow_images_left_unpriced_is_priced_when_it_is_needed() -> None:
    cooled = Cooled(n_sites=40)
    cooled.seconds(1800, every_s=60)
    assert cooled.state.n_priced < 40
    coming = cooled.state.coming
    coming.value_kwh[:, cooled.state.n_priced :] = np.nan
    cooled.seconds(120, every_s=60)
    assert cooled.state.plan.value_kwh is coming.value_kwh
    assert np.isfinite(coming.value_kwh).all()


def test_a_chiller_that_never_spoke_is_not_counted_on_either() -> None:
    cooled = Cooled()
    cooled.plan(100.0, n_hours=1)
    cooled.warm(38.0)
    cooled.age_s[Source.CHILLER] = np.inf
    assert of(cooled.seconds(61), WishesPosted)[-1].high_kw[0] < 100.0


def test_a_new_plan_counts_from_the_next_minute() -> None:
    cooled = Cooled()
    cooled.minutes(2)
    mild = cooled.state.plan.value_kwh.copy()
    cooled.plan(100.0)
    cooled.minutes(2)
    assert cooled.state.plan.power_pu[0, 0] == pytest.approx(1.0)
    assert cooled.state.plan.value_kwh[0, 0, -1] > mild[0, 0, -1]


def test_a_plan_for_other_sites_is_refused() -> None:
    with pytest.raises(UsageError, match=r"power_kw has shape \(4, 3\); one column for each of 1 sites"):
        step(Cooled().state, PowerPlanned(start_ns=0, step_s=900.0, power_kw=np.zeros((4, 3))))


def test_a_chiller_that_cools_far_less_than_its_sheet_is_told() -> None:
    cooled = Cooled(planned_kw=100.0)
    cooled.warm(40.0)
    cooled.minutes(90)
    cooled.values[Signal.CHILLER_SETPOINT_C] = 14.0
    assert cooled.state.is_weak[0]


def test_after_a_gap_of_hours_it_goes_on() -> None:
    cooled = Cooled(planned_kw=50.0)
    cooled.minutes(2)
    cooled.now_ns += 5 * 3600 * NS_PER_S
    cooled.minutes(3)
    assert cooled.state.slot == cooled.now_ns // (1800 * NS_PER_S)
