"""What a lender may conclude from measured health, and what to measure next, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from battuta.domain.measured_health import SHARED_DEVIATION_ASSUMED
from battuta.interfaces.reports.twin_wording import chance_text
from battuta.interfaces.reports.wording import percent_text
from battuta.twin.telemetry_calibration import BADLY_FIT, FAR_WIDE
from battuta.twin.telemetry_guesses import WIDE_SHARE

if TYPE_CHECKING:
    from battuta.domain.measured_health import TelemetryFile
    from battuta.studies.telemetry_study import TelemetryOutcome

_MODELS_SUFFICE = 0.2
"""Probability of ageing like no model below which the models are said to suffice. [-]"""
_TOO_WELL = 0.99
"""Chance of a worse fit above which deviations are said to be stated too large. [-]"""


def telemetry_reading(found: TelemetryOutcome) -> str:
    """Say what a lender may conclude and what to measure next.

    Parameters
    ----------
    found : TelemetryOutcome
        What was measured and what it says.

    Returns
    -------
    str
        A few sentences.
    """
    if found.fit.fit_chance < BADLY_FIT:
        return (
            "Conclusion: none of the curves that were tried explains these measurements. Do not lend on this fan. "
            "Measure next: the capacity now by a full discharge, against that when new, and ask how the deviations of "
            "the file were found."
        )
    return f"Conclusion: {_conclusion(found)} Measure next: {_next(found)}"


def shared_error_text(named: TelemetryFile | None) -> str:
    """Error that all measurements of a site share, and whether it is assumed."""
    if named is None or named.shared_deviation is None:
        return f"{percent_text(SHARED_DEVIATION_ASSUMED, 2)} of new (ASSUMED)"
    return f"{percent_text(named.shared_deviation, 2)} of new (stated)"


def _conclusion(found: TelemetryOutcome) -> str:
    fit = found.fit
    chance = f"{chance_text(fit.wide_share)} after the telemetry, {percent_text(WIDE_SHARE, 0)} before"
    if fit.wide_share > FAR_WIDE:
        said = (
            "the measurements are explained, but only by rates or exponents that none of the models has (probability "
            f"{chance}). Rely on this fan for the years that were measured; beyond them it draws that curve on, which "
            "nothing here has tested: lend on P90 or P99, not on the median."
        )
    elif fit.wide_share < _MODELS_SUFFICE:
        said = f"the models explain the measurements (probability of ageing like none of them {chance})."
    else:
        said = (
            "the measurements are explained, and do not tell yet whether the battery ages like one of the models or "
            f"like none (probability of none {chance}); the fan holds both."
        )
    if fit.fit_chance > _TOO_WELL:
        said += " They scatter less than stated: deviations are stated too large, and the fan may be too wide."
    return said


def _next(found: TelemetryOutcome) -> str:
    """What is the larger: the error that all share, or what the number of rows leaves of the rest."""
    own = [each for each in found.sites if each.is_own] or list(found.sites)
    rows = [each.capacity for each in own]
    shared = max(each.shared_deviation for each in rows)
    told = sum(float((each.deviation[np.isfinite(each.change)] ** -2).sum()) for each in rows)
    left = told**-0.5
    both = f"{100.0 * shared:.2g} points of capacity"
    if shared > left:
        return (
            f"capacity when new and now by one calibrated meter. The error that all measurements share ({both}) is "
            f"more than their number leaves of the rest ({100.0 * left:.2g}): more of them do not make it less."
        )
    return (
        f"more of the same, or with smaller errors. Their number leaves {100.0 * left:.2g} points, more than the error "
        f"that all share ({both})."
    )
