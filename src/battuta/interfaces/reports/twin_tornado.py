"""Tornado charts of a study: one assumption at a time over its range, the widest first."""

from __future__ import annotations

import numpy as np

from battuta.interfaces.reports.twin_blocks import Bars, Chart
from battuta.twin.sensitivity import Factor, TornadoBar

_WORDS = {
    "installed_cost": "cost of building",
    "fixed_cost_per_year": "fixed costs",
    "capacity price": "price of response",
}


def factor_text(factor: Factor) -> str:
    r"""Say in words what is assumed otherwise, and how far.

    Examples
    --------
    >>> factor_text(Factor(name="installed_cost", low=90.0, base=100.0, high=110.0))
    'cost of building ±10 %'
    >>> factor_text(Factor(name="debt.interest_rate", low=0.045, base=0.055, high=0.065))
    'interest 4.5 to 6.5 %'
    """
    low, high = factor.low, factor.high
    if factor.name == "availability":
        return f"availability {100.0 * low:+g} to {100.0 * high:+g} points"
    if factor.name == "ageing rate":
        return f"ageing x {low:.2g} to x {high:.2g}"
    if factor.name == "debt.interest_rate":
        return f"interest {100.0 * low:.3g} to {100.0 * high:.3g} %"
    named = _WORDS.get(factor.name, factor.name.replace("_", " "))
    return f"{named} ±{100.0 * (high / factor.base - 1.0):.0f} %" if factor.base else f"{named} {low:g} to {high:g}"


def tornado_chart(bars: tuple[TornadoBar, ...], base: float, title: str, unit: str, scale: float = 1.0) -> Chart:
    """Draw what each assumption does to the answer while all others stay.

    Parameters
    ----------
    bars : tuple of TornadoBar
        The answer at both ends of each assumption; those that do not move it, or for which it does not exist, are left
        out.
    base : float
        The answer of the study. [unit of the answer]
    title, unit : str
        Words.
    scale : float
        Factor from the unit of the answer to that of the axis.

    Returns
    -------
    Chart
        Lying bars from the answer of the study to that at each end.
    """
    moving = sorted((each for each in bars if each.swing > 0.0), key=lambda each: -each.swing)
    starts = np.full(len(moving), scale * base)
    low = scale * np.array([each.at_low for each in moving]) - starts
    high = scale * np.array([each.at_high for each in moving]) - starts
    return Chart(
        title=title,
        x_label=unit,
        y_label="",
        bars=(
            Bars(name="low end of the range", values=low, starts=starts),
            Bars(name="high end of the range", values=high, starts=starts, style=1),
        ),
        categories=tuple(factor_text(each.factor) for each in moving),
        is_lying=True,
        share=0.5,
    )
