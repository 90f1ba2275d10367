"""Findings of a living run act: work orders are opened, sites derated, plans made with what is left, all priced."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from battuta.app.kept_work_orders import order_text, write_orders
from battuta.app.living import LivingSystem
from battuta.app.living_journal import LivingJournal
from battuta.app.living_modules import LivingModules, SharedCost
from battuta.domain.asset import Site
from battuta.domain.health import Derating, Finding
from battuta.domain.time import NS_PER_HOUR
from battuta.domain.work_order import DeratingCost, WorkOrder
from battuta.health.derating import WholeString
from battuta.health.module_deratings import ModuleTerms, both, module_weights, site_derating
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


def string_id_of(site: int, module: int | None = None) -> str:
    """Name the string of a site, or that of one of its modules where each has a converter."""
    return f"site-{site}" if module is None else f"site-{site}/module-{module}"


def string_ids_of(n_sites: int, n_modules: int) -> list[str]:
    """Name the strings that carry one current each, site after site: one at each, or one for each module.

    Examples
    --------
    >>> string_ids_of(2, 1), string_ids_of(1, 2)
    (['site-0', 'site-1'], ['site-0/module-0', 'site-0/module-1'])
    """
    if n_modules == 1:
        return [string_id_of(site) for site in range(n_sites)]
    return [string_id_of(site, module) for site in range(n_sites) for module in range(n_modules)]


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
    modules : LivingModules or None
        Who shares setpoints over modules; None where a site has one converter. A finding of a module holds back that
        module alone, one of a site all of it.
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
        modules: LivingModules | None = None,
    ) -> None:
        battery, n_sites = site.battery, trades.shape[0]
        self._window = battery.soc_min, battery.soc_max
        names = [string_id_of(number) for number in range(n_sites)]
        self._site_of = {each: number for number, each in enumerate(names)}
        self._place: dict[str, tuple[int, int]] = {}
        if modules is not None:
            n_modules = modules.n_modules
            names += string_ids_of(n_sites, n_modules)
            self._place = {each: divmod(number, n_modules) for number, each in enumerate(names[n_sites:])}
            self._site_of |= {each: number for each, (number, _) in self._place.items()}
        self.book = WorkBook.of(
            tuple(
                WholeString(
                    string_id=each, soc_min=battery.soc_min, soc_max=battery.soc_max, resistance_ohm=resistance_ohm
                )
                for each in names
            )
        )
        self._modules, self._resistance_ohm = modules, resistance_ohm
        self._unshared: dict[str, float] = {}
        self._currency, self._trades = site.currency, trades
        self._planner, self._system, self._journal, self._folder = planner, system, journal, folder
        self._day: int | None = None
        self._soc: FloatArray = np.zeros(0)

    @property
    def orders(self) -> tuple[WorkOrder, ...]:
        """All work orders, oldest first."""
        return tuple(self.book.orders.values())

    @property
    def left(self) -> tuple[Derating | None, ...]:
        """What findings leave of each site, None for all of it."""
        return self._left(self.book.deratings)

    @property
    def shared_costs(self) -> tuple[SharedCost, ...]:
        """What orders of modules cost, and would if a site were held back as a whole."""
        return tuple(
            SharedCost(order_id=each.order_id, cost=each.cost, amount_unshared=self._unshared[each.order_id])
            for each in self.orders
            if each.cost is not None and each.order_id in self._unshared
        )

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
        plans_kw = self._planner.plan_kw(day, soc, self.left)
        if self.book.open_orders:
            self._price(now_ns, self.book.open_orders)
            write_orders(self._folder, self.orders)
        return plans_kw

    def _take(self, now_ns: int, event: work_orders.WorkEvent) -> None:
        before = self.left
        self.book, effects = work_orders.step(self.book, event)
        for effect in effects:
            match effect:
                case OrderChanged():
                    self._journal.event(now_ns, f"work_order.{effect.what}", {"order": order_text(effect.order)})
                case DeratingsChanged():
                    after = self._left(effect.deratings)
                    self._system.derate(now_ns, after)
                    self._tell(now_ns, before, after)
        if self._modules is not None and effects and not isinstance(event, DeratingPriced):
            self._modules.set_terms(now_ns, self._terms(self._modules))

    def _left(self, deratings: tuple[Derating | None, ...]) -> tuple[Derating | None, ...]:
        """What is left of each site, of what is left of each string."""
        if self._modules is None:
            return deratings
        by_site, n_sites = self._by_site(deratings), self._trades.shape[0]
        return tuple(both(deratings[site], self._of_site(site, by_site[site])) for site in range(n_sites))

    def _by_site(self, deratings: tuple[Derating | None, ...]) -> list[list[Derating | None]]:
        """What is left of the modules of each site."""
        n_sites = self._trades.shape[0]
        n_modules = len(self._place) // n_sites
        return [list(deratings[n_sites + site * n_modules :][:n_modules]) for site in range(n_sites)]

    def _of_site(self, site: int, modules: Sequence[Derating | None]) -> Derating | None:
        return site_derating(string_id_of(site), modules, soc_min=self._window[0], soc_max=self._window[1])

    def _terms(self, modules: LivingModules) -> ModuleTerms:
        weight = module_weights(
            self.book.open_orders, self._place, (self._trades.shape[0], modules.n_modules), self._resistance_ohm
        )
        return ModuleTerms.of(
            self._by_site(self.book.deratings), weight, soc_min=self._window[0], soc_max=self._window[1]
        )

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
            left = each.derating
            if self._modules is not None and each.string_id in self._place:
                self._unshared[each.order_id] = whole[number] - self._value(number, left)
                alone: list[Derating | None] = [None] * self._modules.n_modules
                alone[self._place[each.string_id][1]] = left
                left = self._of_site(number, alone)
            cost = DeratingCost(
                amount=whole[number] - self._value(number, left),
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
