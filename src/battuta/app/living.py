"""The living system: what is seen goes to the conductor, its decision to the guard, and all of it into the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias, cast

import numpy as np

from battuta.app.living_journal import CONDUCTOR, LivingJournal, LivingSettings, frequency_counts, frequency_of
from battuta.domain.command import Owner, Proposal, Reservation, require_number
from battuta.domain.errors import UsageError
from battuta.domain.health import Derating
from battuta.domain.image import SiteImage
from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.services import conductor, guard
from battuta.services.conductor_events import (
    Alarm,
    ChillersAsked,
    DeratingsSet,
    Dispatched,
    ImageFrozen,
    ProposalsPosted,
    ReservationsAwarded,
    ShavingPlanned,
    SiteReset,
    WishesPosted,
)
from battuta.services.ingest import frozen_image
from battuta.site.dispatch import Dispatch
from battuta.site.guard import GuardBlock

OwnerEffect: TypeAlias = WishesPosted | ChillersAsked | ShavingPlanned | Alarm
"""What an owner may want: power, coolant, a plan of peak shaving; or that somebody knows."""

EVENT_HZ = 0.2
"""A deviation of this much from nominal is told as a frequency event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyEvent:
    """An excursion of grid frequency.

    Attributes
    ----------
    start_ns : int
        First second beyond `EVENT_HZ`. [ns]
    duration_s : float
        How long it stayed there. [s]
    frequency_hz_extreme : float
        Farthest from nominal. [Hz]
    power_kw_extreme : float
        Farthest setpoint of all sites together meanwhile. [kW]
    """

    start_ns: int
    duration_s: float
    frequency_hz_extreme: float
    power_kw_extreme: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moment:
    """One second of the living system.

    Attributes
    ----------
    image : SiteImage
        What the instruments said.
    dispatch : Dispatch
        What the conductor decided.
    alarms : tuple of Alarm
        Whom to tell what.
    """

    image: SiteImage
    dispatch: Dispatch
    alarms: tuple[Alarm, ...]


def _nobody(_: SiteImage) -> tuple[OwnerEffect, ...]:
    return ()


class LivingSystem:
    """Conductor and guard of some sites, whatever their devices are.

    Parameters
    ----------
    settings : LivingSettings
        What the run is made of.
    journal : LivingJournal
        Where everything is kept.
    nominal_hz : float
        Nominal frequency of the grid. [Hz]
    """

    def __init__(self, settings: LivingSettings, journal: LivingJournal, nominal_hz: float = 50.0) -> None:
        self.settings = settings
        self.nominal_hz = nominal_hz
        self.block: GuardBlock | None = None
        self.n_setpoints = 0
        self._journal = journal
        limits = settings.limits()
        self._conductor = conductor.ConductorState.at_rest(limits, functions=settings.functions())
        self._guard = guard.GuardMemory.at_rest(limits, settings.laws(), settings.start_ns)
        self._tick_s = 1.0 / settings.ticks_per_s
        self.alarms: list[tuple[int, Alarm]] = []
        self.frequency_events: list[FrequencyEvent] = []
        self._event: FrequencyEvent | None = None
        self.owners: Callable[[SiteImage], Iterable[OwnerEffect]] = _nobody
        """Who is shown each image before it is decided on, and may want something of it."""

    def award(self, now_ns: int, reservations: tuple[Reservation, ...]) -> None:
        """Give the conductor its whole list of awards.

        Raises
        ------
        UsageError
            If one is for a site that is not armed with the law of its product, or more than the site has.
        """
        for each in reservations:
            armed = self.settings.products[each.site] if 0 <= each.site < self.settings.n_sites else None
            if armed != each.product:
                message = (
                    f"award {each.award or each.product!r} is for {each.product!r} at site {each.site}, which is armed "
                    f"with {armed or 'nothing'!r}; settings.products says what each site answers to"
                )
                raise UsageError(message)
            rated_kw = self.settings.sites[each.site].power_kw
            if max(each.up_kw, each.down_kw) > rated_kw:
                message = (
                    f"award {each.award or each.product!r} keeps {max(each.up_kw, each.down_kw):g} kW free at site "
                    f"{each.site}, which has {rated_kw:g} kW"
                )
                raise UsageError(message)
        self._journal.reservations(now_ns, reservations)
        self._conductor, _ = conductor.step(self._conductor, ReservationsAwarded(reservations=reservations))

    def wish(self, now_ns: int, owner: Owner, expires_ns: int, preferred_kw: FloatArray) -> None:
        """Post what an owner would like of every site."""
        self.post(now_ns, WishesPosted(owner=owner, expires_ns=expires_ns, preferred_kw=preferred_kw))

    def propose(self, now_ns: int, proposals: tuple[Proposal, ...]) -> None:
        """Post what somebody wants of single sites, an operator for one; all of it or, after an error, nothing."""
        self._conductor, _ = conductor.step(self._conductor, ProposalsPosted(proposals=proposals))
        self._journal.proposals(now_ns, proposals)

    def derate(self, now_ns: int, deratings: tuple[Derating | None, ...]) -> None:
        """Tell conductor and guard what findings leave of each site, None for all of it; it holds from now on.

        Raises
        ------
        UsageError
            If there is not one for each site.
        """
        set_to = DeratingsSet(deratings=deratings)
        self._conductor, _ = conductor.step(self._conductor, set_to)
        self._guard, _ = guard.step(self._guard, set_to)
        self._journal.deratings(now_ns, deratings)

    def reset(self, now_ns: int, site: int) -> None:
        """Let a site run again that the fast lane stopped: an operator has been there.

        Raises
        ------
        UsageError
            If there is no such site.
        """
        if not 0 <= require_number("site", site) < self.settings.n_sites:
            message = f"there is no site {site} to reset; sites are 0 to {self.settings.n_sites - 1}"
            raise UsageError(message)
        self._journal.event(now_ns, "site.reset", {"site": site})
        self._conductor, _ = conductor.step(self._conductor, SiteReset(site=site))

    def post(self, now_ns: int, effect: OwnerEffect) -> None:
        """Take what an owner wants, or its alarm, and keep it.

        Raises
        ------
        UsageError
            If there is not one number for each site.
        """
        self._require_shapes(effect)
        match effect:
            case Alarm():
                self.tell(now_ns, effect)
                return
            case WishesPosted():
                self._journal.wishes(now_ns, effect)
            case ChillersAsked():
                self._journal.chillers(now_ns, effect)
            case ShavingPlanned():
                self._journal.shaving(now_ns, effect)
        self._conductor, _ = conductor.step(self._conductor, effect)

    def _require_shapes(self, effect: OwnerEffect) -> None:
        for name in type(effect).__slots__:
            value: object = getattr(effect, name)
            shape = np.shape(cast("FloatArray", value)) if isinstance(value, np.ndarray) else None
            if shape not in (None, (self.settings.n_sites,)):
                message = f"{name} of {type(effect).__name__} has the shape {shape}; one number for each of "
                raise UsageError(message + f"{self.settings.n_sites} sites is needed")

    def look(self, values: FloatArray, measured_ns: IntArray, now_ns: int, steady_ns: int) -> Moment:
        """Freeze what the instruments say and decide on it; the guard hears of the decision.

        Parameters
        ----------
        values : ndarray, shape (n_signals, n_sites)
            What they say. [units of the signals]
        measured_ns : ndarray of int64, shape (n_sources, n_sites)
            When each spoke. [ns]
        now_ns, steady_ns : int
            Wall time, and time of a clock that nobody sets. [ns]

        Returns
        -------
        Moment
            Image and decision.
        """
        image, counts, age_counts = frozen_image(values, measured_ns, now_ns)
        if conductor.has_true_clock(self._conductor, now_ns, steady_ns):  # plans are timed, months are billed
            for effect in self.owners(image):
                self.post(now_ns, effect)
        self._journal.image(now_ns, counts, age_counts, steady_ns)
        self._conductor, effects = conductor.step(self._conductor, ImageFrozen(image=image, steady_ns=steady_ns))
        dispatched = effects[0]
        assert isinstance(dispatched, Dispatched), "the decision comes before its alarms"
        alarms = tuple(each for each in effects[1:] if isinstance(each, Alarm))
        self._journal.dispatch(dispatched.dispatch)
        for each in alarms:
            self.tell(now_ns, each, maker=CONDUCTOR)
        arrived = guard.DispatchArrived(dispatch=dispatched.dispatch, stopped=dispatched.stopped, steady_ns=steady_ns)
        self._guard, _ = guard.step(self._guard, arrived)
        return Moment(image=image, dispatch=dispatched.dispatch, alarms=alarms)

    def answer(self, frequency_hz: FloatArray, now_ns: int, steady_ns: int) -> guard.WriteSetpoints:
        """Let the guard answer some ticks of frequency.

        Parameters
        ----------
        frequency_hz : ndarray, shape (n_sites, n_ticks)
            As measured, NaN where missing; kept in whole mHz. [Hz]
        now_ns, steady_ns : int
            Time of the first tick, by the wall and by a clock that nobody sets. [ns]

        Returns
        -------
        WriteSetpoints
            What has to reach the devices.
        """
        frequency = frequency_counts(frequency_hz)
        measured = guard.FrequencyMeasured(
            start_ns=now_ns, steady_ns=steady_ns, tick_s=self._tick_s, frequency_hz=frequency_of(frequency)
        )
        self._guard, writes = guard.step(self._guard, measured)
        self._journal.setpoint(frequency, writes[0].block, steady_ns)
        self.block = writes[0].block
        self.n_setpoints += self.block.counts.size
        self._watch_frequency(now_ns, measured.frequency_hz, writes[0].block)
        return writes[0]

    def excursions(self) -> tuple[FrequencyEvent, ...]:
        """Frequency events so far, one that is still running included."""
        return (*self.frequency_events, *([self._event] if self._event is not None else []))

    def tell(self, now_ns: int, alarm: Alarm, maker: str = "owners and devices") -> None:
        """Keep an alarm, for the operator and in the journal."""
        self.alarms.append((now_ns, alarm))
        fields = {"site": alarm.site, "cause": alarm.cause, "calls_out": alarm.calls_out, "maker": maker}
        self._journal.event(now_ns, "alarm.raised", fields)

    def _watch_frequency(self, now_ns: int, frequency_hz: FloatArray, block: GuardBlock) -> None:
        """Note excursions of the median meter, and what the sites did meanwhile."""
        first_hz = frequency_hz[:, 0]
        nominal_hz = self.nominal_hz
        if self._event is None and not (np.abs(first_hz - nominal_hz) >= EVENT_HZ).any():
            return  # nearly always, and cheaper than a median
        known = first_hz[~np.isnan(first_hz)]
        if known.size == 0:
            return
        seen_hz = float(np.median(known))
        power_kw = float(block.power_kw[:, 0].sum())
        is_out = abs(seen_hz - nominal_hz) >= EVENT_HZ
        event = self._event
        if not is_out:
            if event is not None:
                self.frequency_events.append(event)
                self._event = None
            return
        if event is None:
            self._event = FrequencyEvent(
                start_ns=now_ns, duration_s=1.0, frequency_hz_extreme=seen_hz, power_kw_extreme=power_kw
            )
            return
        farther = abs(seen_hz - nominal_hz) > abs(event.frequency_hz_extreme - nominal_hz)
        self._event = FrequencyEvent(
            start_ns=event.start_ns,
            duration_s=(now_ns - event.start_ns) / NS_PER_S + 1.0,
            frequency_hz_extreme=seen_hz if farther else event.frequency_hz_extreme,
            power_kw_extreme=power_kw if abs(power_kw) > abs(event.power_kw_extreme) else event.power_kw_extreme,
        )
