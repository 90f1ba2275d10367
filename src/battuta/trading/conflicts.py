"""Which bounds of an infeasible problem conflict, each by the name that the asset file gives it and by how much."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from battuta.domain.curves import Curve
from battuta.domain.errors import Conflict
from battuta.numerics.arrays import FloatArray, IntArray
from battuta.numerics.linear_program import INFINITY, LinearProgram, Solver
from battuta.trading.problem import StorageProblem
from battuta.trading.rows import balance_rows, lines, net_change, taper_rows

_SLACK_TOLERANCE = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slack:
    bound: str
    unit: str
    scale: float
    variables: IntArray
    is_per_step: bool


class _Elastic:
    """The storage problem with a slack on every bound that a person chose."""

    def __init__(self, problem: StorageProblem, *, is_exclusive: bool = False) -> None:
        self.problem = problem
        self.program = LinearProgram()
        self.slacks: list[_Slack] = []
        n = problem.n_times
        self.charge = np.array([self._power(n, width) for width in _open_ended(problem.charge_pieces)])
        self.discharge = np.array([self._power(n, width) for width in _open_ended(problem.discharge_pieces)])
        self.energy = self.program.variables(n, -INFINITY, INFINITY)
        balance_rows(self.program, problem, self.charge, self.discharge, self.energy)
        self._power_bounds()
        self._energy_bounds()
        self._tapers()
        self._paths()
        if is_exclusive:
            self._one_direction()

    def _power(self, n: int, width: float) -> IntArray:
        return self.program.variables(n, 0.0, width)

    def _slack(self, bound: str, unit: str, n: int, scale: float, *, is_per_step: bool = True) -> IntArray:
        index = self.program.variables(n, 0.0, INFINITY)
        self.slacks.append(_Slack(bound=bound, unit=unit, scale=scale, variables=index, is_per_step=is_per_step))
        return index

    def _at_most(
        self, bound: str, unit: str, terms: list[tuple[float, IntArray]], limit: FloatArray, scale: float
    ) -> None:
        keep = np.flatnonzero(np.isfinite(limit))
        if keep.size == 0:
            return
        slack = self._slack(bound, unit, limit.shape[0], scale)
        rows = self.program.rows(keep.size, -INFINITY, limit[keep])
        for sign, variables in terms:
            self.program.add(rows, variables[..., keep], sign)
        self.program.add(rows, slack[keep], -1.0)

    def _power_bounds(self) -> None:
        problem = self.problem
        rated = max(float(problem.discharge_power_kw_max.max()), 1.0)
        zero = np.zeros(problem.n_times)
        up = zero if problem.headroom is None else problem.headroom.up_kw
        down = zero if problem.headroom is None else problem.headroom.down_kw
        out, into = [(1.0, self.discharge), (-1.0, self.charge)], [(-1.0, self.discharge), (1.0, self.charge)]
        self._at_most("power_kw", "kW", into[1:], problem.charge_power_kw_max, rated)
        self._at_most("power_kw", "kW", out[:1], problem.discharge_power_kw_max, rated)
        export_kw, import_kw = problem.export_power_kw_max, problem.import_power_kw_max
        self._at_most("export_power_kw_max", "kW", out, export_kw + problem.auxiliary_power_kw, rated)
        self._at_most("import_power_kw_max", "kW", into, import_kw - problem.auxiliary_power_kw, rated)
        if problem.headroom is not None:
            self._at_most("reserve up_kw", "kW", out, np.where(up > 0.0, problem.power_kw_high, np.inf), rated)
            self._at_most("reserve down_kw", "kW", into, np.where(down > 0.0, -problem.power_kw_low, np.inf), rated)

    def _energy_bounds(self) -> None:
        problem = self.problem
        capacity = problem.capacity_kwh
        up, down = [(1.0, self.energy)], [(-1.0, self.energy)]
        self._at_most("soc_max", "kWh", up, problem.energy_kwh_max, capacity)
        self._at_most("soc_min", "kWh", down, -problem.energy_kwh_min, capacity)
        if problem.headroom is not None:
            self._at_most("reserve energy down", "kWh", up, problem.energy_kwh_high, capacity)
            self._at_most("reserve energy up", "kWh", down, -problem.energy_kwh_low, capacity)
        if problem.energy_kwh_end is not None:
            only_last = np.full(problem.n_times, np.inf)
            only_last[-1] = problem.energy_kwh_end
            self._at_most("soc_end", "kWh", up, only_last, capacity)
            only_last[-1] = -problem.energy_kwh_end
            self._at_most("soc_end", "kWh", down, only_last, capacity)

    def _tapers(self) -> None:
        named = (
            ("charge_taper", self.problem.charge_taper, self.charge),
            ("discharge_taper", self.problem.discharge_taper, self.discharge),
        )
        for bound, taper, power in named:
            if taper is not None:
                self._taper(bound, taper, power)

    def _taper(self, bound: str, taper: Curve, power: IntArray) -> None:
        problem = self.problem
        slack = self._slack(bound, "kW", problem.n_times, max(*taper.y, 1.0))
        for line in lines(taper):
            self.program.add(taper_rows(self.program, problem, power, self.energy, line), slack, -1.0)

    def _paths(self) -> None:
        problem, n = self.problem, self.problem.n_times
        if np.isfinite(problem.ramp_kw) and n > 1:
            slack = self._slack("ramp_kw_per_minute (per step)", "kW", n - 1, problem.ramp_kw)
            for up, limits in ((1.0, (-INFINITY, problem.ramp_kw)), (-1.0, (-problem.ramp_kw, INFINITY))):
                rows = self.program.rows(n - 1, *limits)
                net_change(self.program, self.charge, self.discharge, rows)
                self.program.add(rows, slack, -up)
        if np.isfinite(problem.discharge_energy_kwh_max):
            scale = max(problem.discharge_energy_kwh_max, 1.0)
            slack = self._slack("throughput_mwh_per_year_max (over the horizon)", "kWh", 1, scale, is_per_step=False)
            row = self.program.rows(1, -INFINITY, problem.discharge_energy_kwh_max)
            self.program.add(row, self.discharge, problem.step_h)
            self.program.add(row, slack, -1.0)

    def _one_direction(self) -> None:
        """Binaries: a step charges or discharges, at most all that the battery holds, and fills its pieces in order."""
        problem, n = self.problem, self.problem.n_times
        direction = self.program.variables(n, 0.0, 1.0, is_integer=True)
        for pieces, power, is_charge in (
            (problem.charge_pieces, self.charge, True),
            (problem.discharge_pieces, self.discharge, False),
        ):
            most_kw = float(pieces[:, 0].sum()) + problem.capacity_kwh / problem.step_h / float(pieces[:, 1].min())
            rows = self.program.rows(n, -INFINITY, most_kw if is_charge else 0.0)
            self.program.add(rows, power, 1.0)
            self.program.add(rows, direction, most_kw if is_charge else -most_kw)
            for k in range(1, pieces.shape[0]):
                in_use = self.program.variables(n, 0.0, 1.0, is_integer=True)
                rows = self.program.rows(n, -INFINITY, 0.0)
                self.program.add(rows, power[k], 1.0)
                self.program.add(rows, in_use, -most_kw)
                rows = self.program.rows(n, 0.0, INFINITY)
                self.program.add(rows, power[k - 1], 1.0)
                self.program.add(rows, in_use, -float(pieces[k - 1, 0]))

    def least(self, bound: str | None) -> list[Conflict]:
        """Least slack with one bound elastic, or with all; empty when that does not help."""
        solver = Solver(self.program)
        cost = np.zeros(self.program.n_variables)
        for slack in self.slacks:
            cost[slack.variables] = -1.0 / slack.scale
            if bound is not None and slack.bound != bound:
                none = np.zeros(slack.variables.shape[0])
                solver.change_bounds(slack.variables, none, none)
        solver.change_cost(cost)
        solution = solver.solve()
        if not solution.is_optimal:
            return []
        return list(_largest(self.slacks, solution.x))


def _open_ended(pieces: FloatArray) -> list[float]:
    return [*(float(width) for width in pieces[:-1, 0]), INFINITY]


def _largest(slacks: list[_Slack], x: FloatArray) -> Iterator[Conflict]:
    for slack in slacks:
        values = x[slack.variables]
        step = int(np.argmax(values))
        if values[step] > _SLACK_TOLERANCE * slack.scale:
            yield Conflict(
                bound=slack.bound,
                step=step if slack.is_per_step else -1,
                amount=float(values[step]),
                unit=slack.unit,
            )


def find_conflicts(problem: StorageProblem) -> list[Conflict]:
    """Name the bounds that conflict.

    Each bound is made elastic alone; those that can resolve the conflict by themselves are returned with the largest
    movement that they need. Where no single bound can, the cheapest joint movement is returned.

    Parameters
    ----------
    problem : StorageProblem
        An infeasible problem.

    Returns
    -------
    list of Conflict
        Bounds, steps and amounts; empty when the problem is feasible after all.
    """
    elastic = _Elastic(problem)
    joint = elastic.least(None)
    if not joint:  # only what is not physical keeps all bounds, or the problem is feasible
        elastic = _Elastic(problem, is_exclusive=True)
        joint = elastic.least(None)
    if not joint:
        return []
    bounds = dict.fromkeys(slack.bound for slack in elastic.slacks)
    alone = [conflict for bound in bounds for conflict in elastic.least(bound)]
    return alone or joint
