"""What stands around the cells before first power: insulation, coolant, contactors, supplies, the fire panel."""

from __future__ import annotations

import numpy as np

from battuta.domain.health import FaultClass
from battuta.domain.site_log import SiteLog
from battuta.health.commission import CommissionItem, CommissionPlan, CommissionRecord, Place
from battuta.health.commission_cells import cell_items
from battuta.numerics.arrays import FloatArray
from battuta.physics.cell_parameters import CellParameters

_RUNS_SPEED = 0.2
_ROWS_MIN = 5


def commission(record: CommissionRecord, plan: CommissionPlan, cell: CellParameters) -> tuple[CommissionItem, ...]:
    """Scan a site before first power.

    Parameters
    ----------
    record : CommissionRecord
        Its strings, and what it logged beside them.
    plan : CommissionPlan
        Plate and limits.
    cell : CellParameters
        Kind of cell.

    Returns
    -------
    tuple of CommissionItem
        Every item of every string, then of the site, whether it could be tested or not.
    """
    cells = [item for block in record.blocks for item in cell_items(block, plan, cell)]
    log = record.log or SiteLog(site_id="site", time_ns=np.empty(0, dtype=np.int64))
    return (*cells, *site_items(log, plan))


def site_items(log: SiteLog, plan: CommissionPlan) -> list[CommissionItem]:
    """Scan what stands around the cells.

    Parameters
    ----------
    log : SiteLog
        What was logged.
    plan : CommissionPlan
        Limits.

    Returns
    -------
    list of CommissionItem
        An item each, whether it could be tested or not.
    """
    return [
        _insulation(log, plan),
        _flow(log, plan),
        _least(log, log.coolant_pressure_bar, plan.pressure_bar_min, "pressure_bar", FaultClass.COOLANT_PRESSURE),
        _least(log, log.coolant_level, plan.level_min, "level", FaultClass.COOLANT_LEVEL),
        _contactors(log),
        _precharge(log, plan),
        _least(log, log.auxiliary_voltage_v, plan.supply_v_min, "supply_v", FaultClass.AUXILIARY_SUPPLY),
        _panel(log),
        _water(log),
        Place(where=log.site_id, name="joints", fault=FaultClass.JOINT_HEAT).not_tested(
            "needs hours at high current: check the site's log again after the first full cycles"
        ),
    ]


def _known(values: FloatArray | None) -> FloatArray:
    """Values that are known, in one row."""
    return np.empty(0) if values is None else values[np.isfinite(values)]


def _least(
    log: SiteLog, values: FloatArray | None, least: float | None, name: str, fault: FaultClass
) -> CommissionItem:
    """Nothing below a limit, over the whole record."""
    place = Place(where=log.site_id, name=name.rsplit("_", maxsplit=1)[0], fault=fault)
    known = _known(values)
    if known.size < _ROWS_MIN:
        return place.not_tested(f"needs five rows of it in the site's log, {known.size} are known")
    if least is None:
        return place.not_tested(f"state {name}_min in the layout")
    lowest = float(np.min(known))
    reason = f"lowest {lowest:.3g}, at least {least:g} is asked"
    return place.tested(passed=lowest >= least, reason=reason, figures={f"{name}_min": lowest, f"{name}_limit": least})


def _insulation(log: SiteLog, plan: CommissionPlan) -> CommissionItem:
    place = Place(where=log.site_id, name="insulation", fault=FaultClass.INSULATION)
    known = _known(log.insulation_ohm)
    if known.size < _ROWS_MIN:
        return place.not_tested(f"needs five rows of insulation_ohm in the site's log, {known.size} are known")
    if plan.voltage_v is None:
        return place.not_tested("state voltage_v, the highest DC voltage, in the layout")
    lowest = float(np.min(known)) / plan.voltage_v
    damp = _known(log.humidity)
    weather = f", humidity up to {100.0 * float(np.max(damp)):.0f} %" if damp.size else ", humidity not logged"
    reason = f"lowest {lowest:.0f} ohm/V, at least {plan.insulation_ohm_per_v_min:g} is asked{weather}"
    figures = {"insulation_ohm_per_v_min": lowest, "limit_ohm_per_v": plan.insulation_ohm_per_v_min}
    return place.tested(passed=lowest >= plan.insulation_ohm_per_v_min, reason=reason, figures=figures)


def _flow(log: SiteLog, plan: CommissionPlan) -> CommissionItem:
    place = Place(where=log.site_id, name="coolant_flow", fault=FaultClass.COOLANT_FLOW)
    runs_by = log.pump_command if log.pump_command is not None else log.pump_speed
    if log.coolant_flow_l_per_min is None or runs_by is None:
        return place.not_tested("needs coolant_flow_l_per_min and pump_command or pump_speed in the site's log")
    known = _known(np.where(runs_by > _RUNS_SPEED, log.coolant_flow_l_per_min, np.nan))
    if known.size < _ROWS_MIN:
        return place.not_tested("the pump was not told to run in this record")
    middle = float(np.median(known))
    figures = {"flow_l_per_min_median": middle}
    if plan.flow_l_per_min_min is None:
        if middle <= 0.0:
            return place.tested(passed=False, reason="the pump is told to run and nothing flows", figures=figures)
        return place.not_tested(f"{middle:.0f} l/min flow; state flow_l_per_min_min in the layout to judge that")
    reason = f"{middle:.0f} l/min with the pump running, at least {plan.flow_l_per_min_min:g} is asked"
    return place.tested(passed=middle >= plan.flow_l_per_min_min, reason=reason, figures=figures)


def _contactors(log: SiteLog) -> CommissionItem:
    """Every contactor was told both ways, and followed."""
    place = Place(where=log.site_id, name="contactors", fault=FaultClass.CONTACTOR_WEAR)
    command, state = log.contactor_command, log.contactor_state
    if command is None or state is None or command.shape != state.shape:
        return place.not_tested("needs contactor_command and contactor_state of the same contactors in the site's log")
    settled = np.ones(command.shape, dtype=np.bool_)
    settled[1:] = command[1:] == command[:-1]
    judged = settled & np.isfinite(command) & np.isfinite(state)
    told_closed, told_open = judged & (command > 0.5), judged & (command <= 0.5)
    wrong = np.any(judged & ((command > 0.5) != (state > 0.5)), axis=0)
    both = np.any(told_closed, axis=0) & np.any(told_open, axis=0)
    figures = {"n_contactors": float(both.size), "n_told_both_ways": float(both.sum()), "n_wrong": float(wrong.sum())}
    if wrong.any():
        reason = f"{int(wrong.sum())} of {wrong.size} contactors are not what they are told to be"
        return place.tested(passed=False, reason=reason, figures=figures, cells=np.flatnonzero(wrong).tolist())
    if not both.all():
        return place.not_tested(
            f"{int(both.sum())} of {both.size} contactors were told both ways and followed; move all"
        )
    return place.tested(passed=True, reason=f"all {both.size} followed both ways", figures=figures)


def _precharge(log: SiteLog, plan: CommissionPlan) -> CommissionItem:
    place = Place(where=log.site_id, name="precharge", fault=FaultClass.PRECHARGE)
    shares, times = _known(log.precharge_share), _known(log.precharge_s)
    if not shares.size:
        return place.not_tested("needs one pre-charge with precharge_share in the site's log")
    lowest = float(np.min(shares))
    figures = {"precharge_share_min": lowest}
    passed = lowest >= plan.precharge_share_min
    reason = f"the bus reaches {100.0 * lowest:.1f} % of the string"
    if times.size:
        figures["precharge_s_max"] = float(np.max(times))
        reason += f", time constant up to {float(np.max(times)):.2f} s"
    if passed and (plan.precharge_s_max is None or not times.size):
        return place.not_tested(f"{reason}; log precharge_s and state precharge_s_max in the layout to judge its pace")
    if plan.precharge_s_max is not None and times.size:
        passed = passed and float(np.max(times)) <= plan.precharge_s_max
    return place.tested(passed=passed, reason=reason, figures=figures)


def _panel(log: SiteLog) -> CommissionItem:
    place = Place(where=log.site_id, name="fire_panel", fault=FaultClass.FIRE_PANEL)
    fault, disabled = _known(log.fire_panel_fault), _known(log.fire_panel_disabled)
    if fault.size < _ROWS_MIN or disabled.size < _ROWS_MIN:
        return place.not_tested("needs five rows of fire_panel_fault and fire_panel_disabled in the site's log")
    shares = {"fault_share": float(np.mean(fault > 0.5)), "disabled_share": float(np.mean(disabled > 0.5))}
    passed = shares["fault_share"] == shares["disabled_share"] == 0.0
    reason = "no fault and nothing switched off" if passed else "a fault, or a part that is switched off"
    return place.tested(passed=passed, reason=reason, figures=shares)


def _water(log: SiteLog) -> CommissionItem:
    place = Place(where=log.site_id, name="water", fault=FaultClass.WATER)
    known = _known(log.water)
    if log.water is None or known.size < _ROWS_MIN:
        return place.not_tested("needs five rows of water in the site's log")
    wet = np.flatnonzero(np.any(log.water > 0.5, axis=0))
    reason = f"{wet.size} of {log.water.shape[1]} sensors were wet"
    figures = {"n_sensors": float(log.water.shape[1]), "n_wet": float(wet.size)}
    return place.tested(passed=not wet.size, reason=reason, figures=figures, cells=wet.tolist())
