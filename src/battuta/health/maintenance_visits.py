"""When somebody can exchange modules: planned windows, and call-outs at short notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from battuta.domain.errors import DataError, InvalidQuantityError
from battuta.health.maintenance_settings import MaintenanceSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWindow:
    """A day on which a crew can be at the site.

    Attributes
    ----------
    on : date
        The day.
    crew_h : float
        Hours of work that the crew has. [h]
    """

    on: date
    crew_h: float

    def __post_init__(self) -> None:
        """Refuse a window in which nobody works."""
        if not 0.0 < self.crew_h < 1e6:
            raise InvalidQuantityError("crew_h", self.crew_h, 0.0, 1e6, "h", where=f"window {self.on}", above_low=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A day on which modules can be exchanged, and what it costs that somebody comes.

    Attributes
    ----------
    on : date
        The day.
    day : int
        The same, from today. [d]
    cost : float
        Of coming, paid once. [currency]
    n_modules_max : int
        Most modules that are exchanged.
    is_planned : bool
        False for a call-out.
    """

    on: date
    day: int
    cost: float
    n_modules_max: int
    is_planned: bool


def visits_of(windows: tuple[PlannedWindow, ...], settings: MaintenanceSettings, today: date) -> tuple[Visit, ...]:
    """All visits that can be chosen, in time: planned windows, a call-out as soon as possible, one when spares arrive.

    Parameters
    ----------
    windows : tuple of PlannedWindow
        Planned ones, in any order.
    settings : MaintenanceSettings
        Costs.
    today : date
        Day of the plan.

    Returns
    -------
    tuple of Visit
        In time.

    Raises
    ------
    DataError
        If there is no window, one lies before today or beyond the horizon, or two are on one day.
    """
    days = _days_of(windows, settings, today)
    planned = [
        Visit(
            on=each.on,
            day=day,
            cost=settings.visit_cost,
            n_modules_max=int(each.crew_h / settings.module_h + 1e-9),
            is_planned=True,
        )
        for each, day in zip(windows, days, strict=True)
    ]
    called = [
        Visit(
            on=today + timedelta(days=day), day=day, cost=settings.call_out_cost, n_modules_max=10**9, is_planned=False
        )
        for day in sorted({settings.response_days, max(settings.response_days, settings.lead_days)})
        if day < settings.horizon_days
    ]
    return tuple(sorted([*planned, *called], key=lambda visit: (visit.day, visit.is_planned)))


def _days_of(windows: tuple[PlannedWindow, ...], settings: MaintenanceSettings, today: date) -> list[int]:
    if not windows:
        message = "there is no planned window; name at least one day with its crew hours, such as 2026-12-14:16"
        raise DataError(message)
    days = [(each.on - today).days for each in windows]
    for each, day in zip(windows, days, strict=True):
        if not 0 <= day < settings.horizon_days:
            message = (
                f"the window of {each.on} lies {day} days from {today}, outside the {settings.horizon_days} days that "
                "the plan counts; leave it out, or plan as of another day"
            )
            raise DataError(message)
        if each.crew_h < settings.module_h:
            message = (
                f"the window of {each.on} has {each.crew_h:g} h of crew, less than the {settings.module_h:g} h that "
                "one module takes; leave it out or give it more"
            )
            raise DataError(message)
    if len(set(days)) < len(days):
        message = "two planned windows lie on one day; join them, their crew hours added"
        raise DataError(message)
    return days
