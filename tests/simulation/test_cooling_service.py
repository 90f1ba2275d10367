"""Cabinets on a day of 45 degC at half their energy per hour, cooled through the service as a site runs it.

The chillers keep their own thermostats (the automatic mode of the container); the cooler only writes setpoints, from
readings in steps of half a kelvin, and limits the power. Resistance, cooling and coolant flow of each are drawn.
"""

from dataclasses import dataclass, field

import numpy as np
import pytest

from battuta.domain.image import N_SIGNALS, N_SOURCES, Signal, SiteImage, Source
from battuta.domain.time import NS_PER_S
from battuta.numerics.sampling import generator
from battuta.physics.container import resting, step_container
from battuta.physics.container_parameters import container_parameters
from battuta.services.conductor_events import Alarm, ChillersAsked, WishesPosted
from battuta.services.cooler import CoolerState, ImageSeen, PowerPlanned, step
from battuta.site.cooling_foresight_nameplate import nameplate_of

LIMIT_C, RATED_KW, STEP_S = 45.0, 100.0, 10
START_S = 1_800_000_000 // 86400 * 86400
CHARGE, DISCHARGE = ((2.0, 3.9), (11.0, 12.9)), ((7.0, 8.9), (18.0, 19.9))


def planned_kw(hour: float) -> float:
    of_day = hour % 24.0
    for sign, spans in ((-1.0, CHARGE), (1.0, DISCHARGE)):
        if any(first <= of_day < last for first, last in spans):
            return sign * RATED_KW
    return 0.0


@dataclass
class Day:
    """What happened, each per cabinet but for the alarms."""

    seconds_over: np.ndarray
    hottest_c: np.ndarray
    undelivered_kwh: np.ndarray
    auxiliary_kwh: np.ndarray
    causes: list = field(default_factory=list)


class Cabinets:
    """Three drawn cabinets, their readings and their chillers."""

    def __init__(self, seed: int, fixed_c: float = np.nan, *, silent_after_h: float = np.inf) -> None:
        parameters = container_parameters("lfp_314ah").scaled(200).coarse(8)
        self.plants = resting(parameters, n_sites=3, soc=0.1, temperature_c=28.0)
        draw, each = generator(seed, "tests.cooling.cabinets"), np.ones(3)
        self.plants.cells.resistance_factor[:] = np.repeat(draw.uniform(0.85, 1.2, 3), 8) * draw.uniform(0.95, 1.05, 24)
        self.plants.sites.cooling_factor[:] = draw.uniform(0.85, 1.15, 3)
        self.plants.sites.flow_factor[:] = draw.uniform(0.85, 1.0, 3)
        self.fixed_c, self.silent_after_h = fixed_c, silent_after_h
        if np.isfinite(fixed_c):
            self.plants.sites.setpoint_c[:] = fixed_c
        self.cooler = CoolerState.at_rest(
            [nameplate_of(parameters, RATED_KW)] * 3,
            limit_c=LIMIT_C * each,
            rated_kw=RATED_KW * each,
            default_setpoint_c=parameters.setpoint_c * each,
        )
        course = np.array([[planned_kw(hour)] * 3 for hour in np.arange(0.05, 48.0, 0.1)])
        plan = PowerPlanned(start_ns=START_S * NS_PER_S, step_s=360.0, power_kw=course)
        self.cooler, _ = step(self.cooler, plan)
        self.cap_kw, self.causes = np.full(3, np.inf), []

    def image(self, second: int, ambient_c: float) -> SiteImage:
        sites, cells_c = self.plants.sites, self.plants.cells.temperature_c.reshape(3, -1)
        values, age_s = np.zeros((N_SIGNALS, 3)), np.zeros((N_SOURCES, 3))
        values[Signal.CELL_TEMPERATURE_C_MEAN] = np.rint(cells_c.mean(axis=1) * 2.0) / 2.0
        values[Signal.CELL_TEMPERATURE_C_MAX] = np.rint(cells_c.max(axis=1) * 2.0) / 2.0
        values[Signal.COOLANT_TEMPERATURE_C] = np.rint(sites.tank_c * 10.0) / 10.0
        values[Signal.AMBIENT_TEMPERATURE_C] = np.rint(ambient_c * 10.0) / 10.0
        values[Signal.CHILLER_SETPOINT_C] = sites.setpoint_c
        values[Signal.CHILLER_POWER_KW] = sites.auxiliary_power_kw
        values[Signal.CONVERTER_POWER_KW] = sites.power_kw
        if second > self.silent_after_h * 3600.0:
            age_s[Source.CHILLER] = 600.0
        return SiteImage(time_ns=(START_S + second) * NS_PER_S, values=values, age_s=age_s)

    def hear(self, image: SiteImage) -> None:
        self.cooler, effects = step(self.cooler, ImageSeen(image=image))
        for effect in effects:
            if isinstance(effect, ChillersAsked) and np.isnan(self.fixed_c) and image.age_s[Source.CHILLER, 0] == 0.0:
                told = ~np.isnan(effect.setpoint_c)
                self.plants.sites.setpoint_c[told] = effect.setpoint_c[told]
            elif isinstance(effect, WishesPosted):
                self.cap_kw = effect.high_kw
            elif isinstance(effect, Alarm):
                self.causes.append(effect.cause)

    def live(self, hours: float) -> Day:
        day = Day(*(np.zeros(3) for _ in range(4)), causes=self.causes)
        for second in range(0, int(hours * 3600.0), STEP_S):
            hour = second / 3600.0
            ambient_c = 38.0 + 7.0 * np.cos(2.0 * np.pi * (hour - 15.0) / 24.0)
            self.hear(self.image(second, ambient_c))
            soc, wanted_kw = self.plants.mean_soc(), np.full(3, planned_kw(hour))
            wanted_kw[((wanted_kw > 0.0) & (soc < 0.03)) | ((wanted_kw < 0.0) & (soc > 0.97))] = 0.0
            step_container(
                self.plants, np.clip(wanted_kw, -self.cap_kw, self.cap_kw), np.full(3, ambient_c), float(STEP_S)
            )
            hottest_c = self.plants.cells.temperature_c.reshape(3, -1).max(axis=1)
            day.seconds_over += STEP_S * (hottest_c > LIMIT_C)
            day.hottest_c = np.maximum(day.hottest_c, hottest_c)
            missing_kw = np.maximum(np.abs(wanted_kw) - np.abs(self.plants.sites.power_kw), 0.0)
            day.undelivered_kwh += missing_kw * STEP_S / 3600.0
            day.auxiliary_kwh += self.plants.sites.auxiliary_power_kw * STEP_S / 3600.0
        return day


@pytest.mark.parametrize("seed", [1, 2])
def test_two_hot_days_without_a_second_over_the_limit_nor_a_kwh_lost(seed) -> None:
    days = Cabinets(seed).live(48.0)
    assert (days.seconds_over == 0.0).all(), f"seed {seed}: {days}"
    assert (days.undelivered_kwh < 0.002 * 8 * 1.9 * RATED_KW).all(), f"seed {seed}: {days}"
    assert days.causes == [], f"seed {seed}: {days}"


def test_it_needs_less_than_the_chiller_left_to_its_data_sheet() -> None:
    ours, sheet = Cabinets(3).live(48.0), Cabinets(3, fixed_c=20.0).live(48.0)
    assert (ours.auxiliary_kwh < 0.85 * sheet.auxiliary_kwh).all(), f"{ours} {sheet}"


def test_a_register_stuck_at_off_costs_power_not_temperature() -> None:
    day = Cabinets(4, fixed_c=35.0).live(24.0)
    assert (day.seconds_over == 0.0).all(), f"{day}"
    assert (day.undelivered_kwh > 20.0).all(), f"{day}"
    assert day.causes == ["CHILLER_NOT_OBEYING"] * 3


def test_a_chiller_that_falls_silent_is_told_and_the_cells_stay_under_the_limit() -> None:
    day = Cabinets(5, silent_after_h=10.0).live(24.0)
    assert (day.seconds_over == 0.0).all(), f"{day}"
    assert "CHILLER_SILENT" in day.causes
