"""Findings of a living run act: work orders are opened, sites derated, plans made with what is left, all priced."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from battuta.app.kept_work_orders import order_text, write_orders
from battuta.app.living import LivingSystem
from battuta.app.living_journal import LivingJournal
from battuta.domain.asset import Site
from battuta.domain.health import Derating, Finding
from battuta.domain.time import NS_PER_HOUR
from battuta.domain.work_order import DeratingCost, WorkOrder
from battuta.health.derating import WholeString
from battuta.numerics.arrays import BoolArray, FloatArray
from battuta.physics.cell_parameters import cell_parameters
from battuta.services import work_orders
from battuta.services.conductor_events import Alarm
from battuta.services.work_orders import (
    DeratingPriced,
    DeratingsChanged,
    FindingsTold,
    OrderChanged,
    OrderDone,
    WorkBook,
)
from battuta.studies.day_plans import DayPlanner

CELL = "lfp_314ah"
"""Kind of cell of the simulated sites."""
TYPICAL_C, TYPICAL_SOC = 25.0, 0.5


def resistance_ohm_of(kind: str) -> float:
    """Resistance of a kind of cell at 25 degC and half charge, its relaxations included. [ohm]

    Examples
    --------
    >>> round(1e3 * resistance_ohm_of("lfp_314ah"), 2)
    0.44
    """
    cell = cell_parameters(kind)
    soc = np.linspace(0.0, 1.0, cell.ocv_v.size)
    column = int(np.argmin(np.abs(soc - TYPICAL_SOC)))
    series_ohm = float(np.interp(TYPICAL_C, cell.temperature_c, cell.resistance_ohm[1, :, column]))
    return series_ohm + float(cell.relaxation[:, 0].sum())


def string_id_of(site: int) -> str:
    """Name the string of a site; each has one."""
    return f"site-{site}"


class LivingDeratings:
    """What findings leave of the sites of a run; conductor, guard and desk read the same.

    Parameters
    ----------
    site : Site
        What each site is like when nothing is wrong with it.
    resistance_ohm : float
        Resistance of a cell. [ohm]
    planner : DayPlanner
        The desk.
    system : LivingSystem
        Conductor and guard.
    journal : LivingJournal
        Where all of it is kept.
    folder : Path
        Where `work_orders.json` is written.
    trades : ndarray of bool, shape (n_sites,)
        Sites that the desk plans for; what is left of the others has no price.
    """

    def __init__(
        self,
        site: Site,
        resistance_ohm: float,
        planner: DayPlanner,
        system: LivingSystem,
        journal: LivingJournal,
        folder: Path,
        trades: BoolArray,
    ) -> None:
        battery = site.battery
        strings = tuple(
            WholeString(
                string_id=string_id_of(number),
                soc_min=battery.soc_min,
                soc_max=battery.soc_max,
                resistance_ohm=resistance_ohm,
            )
            for number in range(trades.shape[0])
        )
        self.book = WorkBook.of(strings)
        self._site_of = {each.string_id: number for number, each in enumerate(strings)}
        self._currency, self._trades = site.currency, trades
        self._planner, self._system, self._journal, self._folder = planner, system, journal, folder
        self._day: int | None = None
        self._soc: FloatArray = np.zeros(0)

    @property
    def orders(self) -> tuple[WorkOrder, ...]:
        """All work orders, oldest first."""
        return tuple(self.book.orders.values())

    def hear(self, now_ns: int, findings: Iterable[Finding]) -> None:
        """Act on findings: they hold from the next second on, and for the desk from its next plan on.

        Parameters
        ----------
        now_ns : int
            Present time. [ns]
        findings : iterable of Finding
            What was found, by whichever detector.
        """
        told = tuple(findings)
        if told:
            self._take(now_ns, FindingsTold(findings=told, now_ns=now_ns))
            self._price(now_ns, [each for each in self.book.open_orders if each.cost is None])
            write_orders(self._folder, self.orders)

    def close(self, now_ns: int, order_id: str, by: str, note: str = "") -> None:
        """Close a work order: somebody was there, and what it held back is given free.

        Parameters
        ----------
        now_ns : int
            Present time. [ns]
        order_id : str
            The order.
        by, note : str
            Who was there, and what was done.

        Raises
        ------
        UsageError
            If there is no such order, or it is closed already.
        DataError
            If nobody's name is given.
        """
        self._take(now_ns, OrderDone(order_id=order_id, now_ns=now_ns, by=by, note=note))
        write_orders(self._folder, self.orders)

    def plan_kw(self, now_ns: int, day: int, soc: FloatArray) -> FloatArray:
        """Plan a day with what is left of each site, and price what that costs.

        Parameters
        ----------
        now_ns : int
            Present time. [ns]
        day : int
            Number of the delivery day.
        soc : ndarray, shape (n_sites,)
            State of charge of each at its start. [-]

        Returns
        -------
        ndarray, shape (n_sites, n_steps)
            [kW]
        """
        self._day, self._soc = day, soc
        plans_kw = self._planner.plan_kw(day, soc, self.book.deratings)
        if self.book.open_orders:
            self._price(now_ns, self.book.open_orders)
            write_orders(self._folder, self.orders)
        return plans_kw

    def _take(self, now_ns: int, event: work_orders.WorkEvent) -> None:
        before = self.book.deratings
        self.book, effects = work_orders.step(self.book, event)
        for effect in effects:
            match effect:
                case OrderChanged():
                    self._journal.event(now_ns, f"work_order.{effect.what}", {"order": order_text(effect.order)})
                case DeratingsChanged():
                    self._system.derate(now_ns, effect.deratings)
                    self._tell(now_ns, before, effect.deratings)

    def _tell(self, now_ns: int, before: tuple[Derating | None, ...], after: tuple[Derating | None, ...]) -> None:
        for number, (was, left) in enumerate(zip(before, after, strict=True)):
            if was != left:
                cause = "DERATING_LIFTED" if left is None else f"DERATED {derating_words(left)}"
                self._system.tell(now_ns, Alarm(site=number, cause=cause, calls_out=False))

    def _price(self, now_ns: int, orders: Iterable[WorkOrder]) -> None:
        """Plan the day with each order alone and without it; the difference is what it costs."""
        if self._day is None:
            return  # nothing was planned yet: the first plan prices them
        whole: dict[int, float] = {}
        for each in orders:
            number = self._site_of[each.string_id]
            if each.derating is None or not self._trades[number]:
                continue
            if number not in whole:
                whole[number] = self._value(number, None)
            start_ns = self._planner.time_ns(self._day)
            horizon_h = start_ns.size * float(start_ns[1] - start_ns[0]) / NS_PER_HOUR
            cost = DeratingCost(
                amount=whole[number] - self._value(number, each.derating),
                currency=self._currency,
                start_ns=int(start_ns[0]),
                horizon_h=horizon_h,
            )
            self._take(now_ns, DeratingPriced(order_id=each.order_id, cost=cost))

    def _value(self, number: int, left: Derating | None) -> float:
        assert self._day is not None, "a day was planned"
        soc = self._soc[number : number + 1]
        (plan_kw,) = self._planner.plan_kw(self._day, soc, (left,))
        return self._planner.value(self._day, float(soc[0]), plan_kw)


def derating_words(left: Derating) -> str:
    """Say what is left.

    Examples
    --------
    >>> derating_words(
    ...     Derating(
    ...         string_id="a", power_share_max=0.5, soc_min=0.1, soc_max=0.8, temperature_c_max=40.0, reason="a leak"
    ...     )
    ... )
    '50 % of the power, 10 to 80 % charge, up to 40 degC: a leak'
    """
    parts = [f"{100.0 * left.power_share_max:.0f} % of the power"] if left.power_share_max < 1.0 else []
    if left.soc_min > 0.0 or left.soc_max < 1.0:
        parts.append(f"{100.0 * left.soc_min:.0f} to {100.0 * left.soc_max:.0f} % charge")
    if np.isfinite(left.temperature_c_max):
        parts.append(f"up to {left.temperature_c_max:g} degC")
    return f"{', '.join(parts)}: {left.reason}"
