"""From findings to what may still be used of their string: the strictest that any of them asks for."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from battuta.domain.errors import DataError
from battuta.domain.health import Derating, FaultClass, Finding, FindingLevel
from battuta.domain.time import NS_PER_DAY
from battuta.health.derating_settings import DeratingSettings, Leave

_LOST = ("charge_lost_per_day", "charge_lost_more_per_day")
_RISEN = ("resistance_ohm", "resistance_rise_ohm")
"""Names under which a finding may bring what it measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeString:
    """A string when nothing is wrong with it.

    Attributes
    ----------
    string_id : str
        The string.
    soc_min, soc_max : float
        Window of its state of charge. [-]
    resistance_ohm : float
        Resistance of one of its cells, joints included. [ohm]
    """

    string_id: str
    soc_min: float
    soc_max: float
    resistance_ohm: float


def derating_of(
    findings: Iterable[Finding], whole: WholeString, settings: DeratingSettings | None = None
) -> Derating | None:
    """Say what findings leave of their string.

    Parameters
    ----------
    findings : iterable of Finding
        What is wrong with the string.
    whole : WholeString
        The string when nothing is.
    settings : DeratingSettings or None
        The policy.

    Returns
    -------
    Derating or None
        The strictest that any of them asks for; None where all of it may be used.

    Raises
    ------
    DataError
        If a finding is about another string.

    Examples
    --------
    >>> leak = Finding(
    ...     string_id="a",
    ...     cell=7,
    ...     fault=FaultClass.MICRO_SHORT,
    ...     level=FindingLevel.ACT,
    ...     since_ns=0,
    ...     found_ns=0,
    ...     probability=0.9,
    ...     evidence={"charge_lost_per_day": 0.004, "others_median": 0.0},
    ... )
    >>> left = derating_of([leak], WholeString(string_id="a", soc_min=0.05, soc_max=0.95, resistance_ohm=5e-4))
    >>> left.power_share_max, round(left.soc_min, 3), left.soc_max, left.temperature_c_max, left.reason
    (0.5, 0.106, 0.8, 40.0, 'micro short of cell 7 (act)')
    """
    policy = settings or DeratingSettings()
    found = list[Derating]()
    for each in findings:
        if each.string_id != whole.string_id:
            message = f"a finding of string {each.string_id} cannot derate string {whole.string_id}; sort them first"
            raise DataError(message)
        leave = policy.leave(each.fault, urgent_level(each, policy))
        if leave is not None:
            found.append(_derating(each, _by_evidence(each, leave, whole, policy), whole))
    narrowing = [each for each in found if _narrows(each)]
    return strictest(narrowing) if narrowing else None


def strictest(deratings: Iterable[Derating]) -> Derating:
    """Combine deratings of one string: the least power, the narrowest window, the lowest temperature.

    Windows that do not meet leave one point, at the lower of the upper ends.

    Parameters
    ----------
    deratings : iterable of Derating
        One at least.

    Returns
    -------
    Derating
        What all of them leave.
    """
    first, *rest = deratings
    combined = first
    for each in rest:
        soc_max = min(combined.soc_max, each.soc_max)
        reasons = [combined.reason, *([each.reason] if each.reason not in combined.reason else [])]
        combined = replace(
            combined,
            power_share_max=min(combined.power_share_max, each.power_share_max),
            soc_min=min(max(combined.soc_min, each.soc_min), soc_max),
            soc_max=soc_max,
            temperature_c_max=min(combined.temperature_c_max, each.temperature_c_max),
            reason="; ".join(reasons),
        )
    return combined


def urgent_level(finding: Finding, settings: DeratingSettings) -> FindingLevel:
    """Level of a finding for the policy: `act` where its string may meet its limit within `urgent_days`."""
    limit = finding.days_to_limit
    is_urgent = limit is not None and limit[0] <= settings.urgent_days
    return FindingLevel.ACT if is_urgent else finding.level


def _by_evidence(finding: Finding, leave: Leave, whole: WholeString, settings: DeratingSettings) -> Leave:
    """Fit what a class leaves to what was measured of this cell."""
    evidence = finding.evidence
    beyond = {name: value - evidence.get("others_median", 0.0) for name, value in evidence.items()}
    match finding.fault:
        case FaultClass.MICRO_SHORT if _first(evidence, _LOST):
            known_days = (finding.found_ns - finding.since_ns) / NS_PER_DAY
            lost = max(beyond[_first(evidence, _LOST)], 0.0) * (known_days + settings.visit_days)
            return replace(leave, soc_min=max(leave.soc_min, whole.soc_min + min(lost, settings.lost_soc_max)))
        case FaultClass.RESISTANCE_RISE | FaultClass.LOOSE_CONTACT if _first(evidence, _RISEN):
            share = max(power_share(beyond[_first(evidence, _RISEN)], whole.resistance_ohm), settings.power_share_min)
            return replace(leave, power_share_max=min(leave.power_share_max, share))
        case FaultClass.CAPACITY_OUTLIER if "capacity_lost_share" in evidence:
            left = 1.0 - min(abs(beyond["capacity_lost_share"]), 0.9)
            soc_min, soc_max = 0.5 - (0.5 - whole.soc_min) * left, 0.5 + (whole.soc_max - 0.5) * left
            return replace(leave, soc_min=max(leave.soc_min, soc_min), soc_max=min(leave.soc_max, soc_max))
        case _:
            return leave


def _first(evidence: Mapping[str, float], names: tuple[str, ...]) -> str:
    """The first of some names that a finding brings evidence under; empty if it brings none."""
    return next((name for name in names if name in evidence), "")


def power_share(rise_ohm: float, resistance_ohm: float) -> float:
    """Share of the current at which a resistance that rose heats no more than before: I^2 R stays. [-]

    Parameters
    ----------
    rise_ohm : float
        By how much it rose; what fell leaves all. [ohm]
    resistance_ohm : float
        What it was. [ohm]

    Examples
    --------
    >>> power_share(3e-4, 1e-4), power_share(-1e-4, 5e-4)
    (0.5, 1.0)
    """
    return math.sqrt(resistance_ohm / (resistance_ohm + max(rise_ohm, 0.0)))


def _derating(finding: Finding, leave: Leave, whole: WholeString) -> Derating:
    kept_min, kept_max = (whole.soc_min + leave.soc_margin, whole.soc_max - leave.soc_margin)
    soc_min = max(leave.soc_min, kept_min) if leave.soc_margin > 0.0 else leave.soc_min
    soc_max = min(leave.soc_max, kept_max) if leave.soc_margin > 0.0 else leave.soc_max
    where = "the string" if finding.cell is None else f"cell {finding.cell}"
    return Derating(
        string_id=finding.string_id,
        power_share_max=leave.power_share_max,
        soc_min=min(soc_min, soc_max),
        soc_max=soc_max,
        temperature_c_max=leave.temperature_c_max,
        reason=f"{finding.fault.value.replace('_', ' ')} of {where} ({finding.level.name.lower()})",
    )


def _narrows(left: Derating) -> bool:
    return left.power_share_max < 1.0 or left.soc_min > 0.0 or left.soc_max < 1.0 or left.temperature_c_max < math.inf
