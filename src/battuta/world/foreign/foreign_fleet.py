"""A fleet of strings under other equations than ours, with planted faults: the judge of the detectors. SYNTHETIC.

Each string is a life of its own: it is carried on day by day, yields what a battery management system would log, and
knows the truth. The same seed gives the same bytes, in whatever portions a life is lived.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY, NS_PER_S, from_ns, to_ns
from battuta.numerics.arrays import FloatArray
from battuta.numerics.sampling import generator
from battuta.world.foreign.cell_law import cell_law
from battuta.world.foreign.cell_rows import SOC, DayRequest
from battuta.world.foreign.climate import outdoor_c
from battuta.world.foreign.day_conditions import day_conditions, open_joints
from battuta.world.foreign.duty import MINUTES, DayPlan, day_plan, idle_plan
from battuta.world.foreign.events import (
    CAMPAIGN_DAYS,
    CAMPAIGN_HOLD_H,
    CAMPAIGN_PAUSE_DAYS,
    YEAR_DAYS,
    EventKind,
    ForeignEvent,
    events_of_year,
)
from battuta.world.foreign.faults import STRING_WIDE, ForeignFault
from battuta.world.foreign.readings import (
    CELLS_PER_SENSOR,
    StringLog,
    StringSensors,
    empty_log,
    kept_rows,
    read_current_a,
    read_temperature_c,
    spoil_voltages,
)
from battuta.world.foreign.string_draws import OFFSET_SPREAD_V, draw_cells, draw_duty, draw_string
from battuta.world.foreign.string_kernels import run_day
from battuta.world.foreign.string_rows import take_row
from battuta.world.foreign.string_state import first_state, put_conditions, replace_cells
from battuta.world.foreign.string_truth import StringTruth, string_truth
from battuta.world.sensors import noise_key

STEPS_S = (10, 20, 30, 60)
"""Steps of a log that can be asked for. [s]"""
FRESH_SOC_SPREAD = 0.025
"""Standard deviation of a fresh module's state of charge about its string. [-]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetPlan:
    """A fleet to simulate.

    Attributes
    ----------
    seed : int
        Seed of everything.
    n_strings, n_cells : int
        Strings, and cells in series of each. [-]
    start : datetime
        When the fleet starts; midnight UTC.
    step_s : int
        Step of simulation and log: 10, 20, 30 or 60. [s]
    resolution_v : float
        Step of the voltage converters. [V]
    logs_bleed : bool
        Whether the log says what the balancers took.
    faults : tuple of ForeignFault
        What breaks.
    has_events : bool
        Whether strings have balancing campaigns, fresh modules, idle weeks and the like.
    """

    seed: int
    n_strings: int
    n_cells: int = 240
    start: datetime = datetime(2025, 1, 1, tzinfo=UTC)
    step_s: int = 60
    resolution_v: float = 0.001
    logs_bleed: bool = True
    faults: tuple[ForeignFault, ...] = ()
    has_events: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be simulated."""
        for name, value in (("n_strings", self.n_strings), ("n_cells", self.n_cells)):
            if value < 1:
                raise InvalidQuantityError(name, value, 1, np.inf, "-", where="FleetPlan")
        if not 0.0001 <= self.resolution_v <= 0.1:
            raise InvalidQuantityError("resolution_v", self.resolution_v, 0.0001, 0.1, "V", where="FleetPlan")
        if self.step_s not in STEPS_S:
            message = f"step_s = {self.step_s} s cannot be simulated; use one of {STEPS_S}"
            raise UsageError(message)
        if to_ns(self.start) % NS_PER_DAY:
            message = f"a fleet starts at midnight UTC, not at {self.start.isoformat()}"
            raise UsageError(message)
        for fault in self.faults:
            if fault.string >= self.n_strings or (fault.kind not in STRING_WIDE and fault.cell >= self.n_cells):
                message = (
                    f"{fault.kind.value} at string {fault.string}, cell {fault.cell}: the fleet has {self.n_strings} "
                    f"strings of {self.n_cells} cells, counted from 0"
                )
                raise UsageError(message)


class StringLife:
    """One string of a foreign fleet, lived day by day.

    Parameters
    ----------
    plan : FleetPlan
        The fleet.
    string : int
        Number of the string, from 0. [-]

    Attributes
    ----------
    plan : FleetPlan
        The fleet.
    string, string_id : int, str
        Number and name of the string.
    character : StringCharacter
        What it is like.
    faults : tuple of ForeignFault
        Its faults, begun or not.
    day : int
        Days lived. [-]

    Examples
    --------
    >>> life = StringLife(FleetPlan(seed=1, n_strings=2, n_cells=32), 0)
    >>> block = life.block(1)
    >>> block.n_cells, block.temperature_c.shape[1], life.truth.day
    (32, 4, 1)
    """

    def __init__(self, plan: FleetPlan, string: int) -> None:
        if not 0 <= string < plan.n_strings:
            message = f"there is no string {string}; the fleet has {plan.n_strings}, counted from 0"
            raise UsageError(message)
        self.plan, self.string, self.string_id = plan, string, f"foreign-{plan.seed}-{string:05d}"
        self.character = draw_string(plan.seed, string, plan.n_cells, float(plan.step_s), plan.resolution_v)
        self.faults = tuple(fault for fault in plan.faults if fault.string == string)
        self.day = 0
        self._n_sensors = -(-plan.n_cells // CELLS_PER_SENSOR)
        self._law = cell_law(self.character.form)
        self._state = first_state(draw_cells(plan.seed, string, plan.n_cells, self._n_sensors, self.character))
        put_conditions(self._state, day_conditions(self._state.draws, 0, self.faults, 0))
        self._duty = self.character.duty
        self._key = noise_key(plan.seed, "world.foreign.noise", site=string)
        self._weather_key = noise_key(plan.seed, "world.foreign.weather", site=string)
        self._events: tuple[ForeignEvent, ...] = ()

    @property
    def truth(self) -> StringTruth:
        """What is true of its cells now, at the end of the last block."""
        return string_truth(self._state.packs, self.plan.n_cells, self.day)

    @property
    def events(self) -> tuple[ForeignEvent, ...]:
        """What has happened so far and is no fault."""
        return tuple(sorted(event for event in self._events if event.day < self.day))

    def block(self, n_days: int) -> Block:
        """Live some days and return what was logged.

        Parameters
        ----------
        n_days : int
            Days, at least one. [-]

        Returns
        -------
        Block
            Rows that were kept; synthetic.
        """
        if n_days < 1:
            raise InvalidQuantityError("n_days", n_days, 1, np.inf, "-", where=f"string {self.string_id}")
        n_steps = NS_PER_DAY // (self.plan.step_s * NS_PER_S)
        log = empty_log(n_days * n_steps, self.plan.n_cells, self._n_sensors, logs_bleed=self.plan.logs_bleed)
        n_rows = 0
        for _ in range(n_days):
            n_rows += self._one_day(log, n_rows, n_steps)
        return Block(
            string_id=self.string_id,
            time_ns=log.time_ns[:n_rows],
            current_a=log.current_a[:n_rows],
            voltage_v=log.voltage_v[:n_rows],
            temperature_c=log.temperature_c[:n_rows],
            bleed_ah=log.bleed_ah[:n_rows] if self.plan.logs_bleed else None,
        )

    def _one_day(self, log: StringLog, first_row: int, n_steps: int) -> int:
        """Live a day, write it into a log from a row on, and say how many rows it took."""
        plan, state, day = self.plan, self._state, self.day
        today = self._happened()
        conditions = day_conditions(state.draws, state.zeroed_day, self.faults, day)
        put_conditions(state, conditions)
        rng = generator(plan.seed, "world.foreign.log", site=self.string, cell=day)
        kept = kept_rows([each for each in today if each.kind is EventKind.SILENCE], n_steps, rng)
        rows = np.flatnonzero(kept)
        there = slice(first_row, first_row + rows.size)
        voltage_v, current_a = log.voltage_v[there], np.empty(n_steps)
        asked = self._request(today, kept.astype(np.float64), conditions.contact_share)
        temperature_c = np.empty((asked.outdoor_c.size, plan.n_cells))
        balances = self.character.balances_always or any(each.kind is EventKind.CAMPAIGN for each in today)
        run_day(
            state.packs, state.memory, self._law, self.character.law, asked, conditions.cooled, float(balances),
            self._key, day * n_steps, current_a, voltage_v, log.bleed_ah[there], temperature_c,
        )  # fmt: skip
        sensors = StringSensors(
            character=self.character, sensor_offset_k=state.draws.sensor_offset_k, faults=self.faults
        )
        log.time_ns[there] = to_ns(plan.start) + day * NS_PER_DAY + rows * (plan.step_s * NS_PER_S)
        log.current_a[there] = read_current_a(sensors, current_a, rows, day, rng)
        read_temperature_c(sensors, temperature_c, rows, day, rng, log.temperature_c[there])
        spoil_voltages(voltage_v, self.faults, state.stuck_v, day, rng)
        self.day += 1
        return rows.size

    def _happened(self) -> list[ForeignEvent]:
        """Let happen what happens today, and say what is going on."""
        plan, day = self.plan, self.day
        if not plan.has_events:
            return []
        if day % YEAR_DAYS == 0:
            campaigns = not self.character.balances_always
            drawn = events_of_year(plan.seed, self.string, day // YEAR_DAYS, plan.n_cells, campaigns=campaigns)
            self._events += tuple(event for event in drawn if not self._would_mend(event))
        self._start_campaign()
        today = [event for event in self._events if event.is_on(day)]
        for event in today:
            self._apply(event)
        return today

    def _start_campaign(self) -> None:
        """Balance a string whose cells have drifted apart, as somebody sees at the top of a charge."""
        day = self.day
        recent = (event.day for event in self._events if event.kind is EventKind.CAMPAIGN and event.day <= day)
        if day < max(recent, default=-CAMPAIGN_PAUSE_DAYS) + CAMPAIGN_PAUSE_DAYS:
            return
        low, high = np.quantile(take_row(self._state.packs, SOC, self.plan.n_cells), (0.05, 0.95))
        if high - low > self.character.campaign_spread:
            self._events += (ForeignEvent(day=day, n_days=CAMPAIGN_DAYS, kind=EventKind.CAMPAIGN),)

    def _would_mend(self, event: ForeignEvent) -> bool:
        """Whether a fresh module would take a planted fault away; such a module is left in place."""
        there = range(event.first_cell - 1, event.first_cell + event.n_cells)
        return event.kind is EventKind.REPLACEMENT and any(fault.cell in there for fault in self.faults)

    def _apply(self, event: ForeignEvent) -> None:
        """Change the string by what happens at once."""
        plan, state, day = self.plan, self._state, self.day
        if event.kind is EventKind.NEW_DUTY:
            state.turns += 1
            self._duty = draw_duty(plan.seed, self.string, state.turns)
        elif event.kind is EventKind.ZEROED:
            rng = generator(plan.seed, "world.foreign.zeroed", site=self.string, cell=day)
            offset_v = 0.5 * OFFSET_SPREAD_V * rng.standard_normal(plan.n_cells)
            state.draws, state.zeroed_day = replace(state.draws, offset_v=offset_v), day
        elif event.kind is EventKind.REPLACEMENT:
            fresh = draw_cells(
                plan.seed, self.string, plan.n_cells, self._n_sensors, self.character, delivery=max(day, 1)
            )
            away = generator(plan.seed, "world.foreign.fresh", site=self.string, cell=day).standard_normal()
            soc = float(np.median(take_row(state.packs, SOC, plan.n_cells))) + FRESH_SOC_SPREAD * away
            replace_cells(state, fresh, event.first_cell, event.n_cells, soc)

    def _request(self, today: list[ForeignEvent], kept: FloatArray, contact_share: float) -> DayRequest:
        """What is asked of the string today, step by step."""
        plan, character, day = self.plan, self.character, self.day
        minutes = self._minutes(today)
        times = 60 // plan.step_s
        n_thermal = MINUTES // 10
        start = from_ns(to_ns(plan.start) + day * NS_PER_DAY)
        return DayRequest(
            target_soc=np.repeat(minutes.target_soc, times),
            rate_c=np.repeat(minutes.rate_c, times),
            noise_c=np.repeat(minutes.noise_c, times),
            unseen_c=np.repeat(minutes.unseen_c, times),
            contact_on=np.repeat(open_joints(plan.seed, self.string, day, contact_share), times),
            kept=kept,
            outdoor_c=outdoor_c(character, self._weather_key, day, start.timetuple().tm_yday, n_thermal),
        )

    def _minutes(self, today: list[ForeignEvent]) -> DayPlan:
        """Draw the day of its duty, unless it stands idle."""
        kinds = {event.kind for event in today}
        if EventKind.IDLE in kinds:
            return idle_plan(0.5 * (self._duty.soc_low + self._duty.soc_high))
        duty = self._duty
        if EventKind.CAMPAIGN in kinds:
            duty = replace(duty, full_every_days=2, hold_h=CAMPAIGN_HOLD_H)
        rng = generator(self.plan.seed, "world.foreign.day", site=self.string, cell=self.day)
        return day_plan(duty, self.day, self.character.phase, rng)
