"""Small charts without a script: lines in a drawing that stretches, words beside it that do not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from battuta.interfaces.reports.markup import Html, element, joined
from battuta.numerics.arrays import FloatArray

EPOCH = date(1970, 1, 1)
SIDE = 1000
"""Width and height of a drawing in its own units; the page stretches it."""
_FAR = 3 * SIDE
_EDGE = 0.06
_TICKS_MAX = 4
_DAY_STEPS = (1, 2, 3, 5, 7, 10, 14, 21)
_DAY_LABELS = 5
_MONTH_DAYS = 30.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """From values to places of a drawing.

    Attributes
    ----------
    low, high : float
        Values at its two ends, in any unit.
    """

    low: float
    high: float

    def share(self, value: float) -> float:
        """Where a value lies, 0 to 1 between the ends. [-]"""
        return (value - self.low) / (self.high - self.low)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """Values that are joined by a line, or two that have a band between them.

    Attributes
    ----------
    y : ndarray, shape (n_points,)
        Values; NaN breaks the line. [unit]
    kind : str
        Class of the page's style.
    upper : ndarray, shape (n_points,), or None
        Other side of a band. [unit]
    """

    y: FloatArray
    kind: str
    upper: FloatArray | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A word at a place of an axis; ``share`` is 0 at its beginning and 1 at its end."""

    share: float
    text: str


def scale_of(*values: FloatArray | Sequence[float], least: float = 0.0) -> Scale:
    """Make the axis that holds all finite values with a little room, at least `least` wide.

    Examples
    --------
    >>> scale_of([0.0, 1.0])
    Scale(low=-0.08, high=1.08)
    """
    joint = np.concatenate([np.asarray(each, dtype=np.float64).ravel() for each in values])
    known = joint[np.isfinite(joint)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    lacking = max(least - (high - low), 0.0) if high > low or least > 0.0 else 1.0
    low, high = low - 0.5 * lacking, high + 0.5 * lacking
    room = 0.08 * (high - low)
    return Scale(low=low - room, high=high + room)


def value_ticks(scale: Scale) -> list[Tick]:
    """Choose two to four round values.

    Examples
    --------
    >>> [each.text for each in value_ticks(Scale(low=-0.4, high=1.3))]
    ['0.0', '0.5', '1.0']
    """
    step = _round_step((scale.high - scale.low) / _TICKS_MAX)
    digits = max(-math.floor(math.log10(step) + 1e-9), 0)
    first, last = math.ceil(scale.low / step), math.floor(scale.high / step)
    return [
        Tick(share=1.0 - scale.share(k * step), text=f"{k * step + 0.0:,.{digits}f}".replace("-", "\u2212"))
        for k in range(first, last + 1)
    ]


def _round_step(least: float) -> float:
    size = 10.0 ** math.floor(math.log10(least))
    return next(each * size for each in (1.0, 2.0, 5.0, 10.0) if each * size >= least * (1.0 - 1e-9))


def day_ticks(first_day: int, last_day: int) -> list[Tick]:
    """Name some days of an axis that runs from one day to another, days since 1970-01-01.

    Examples
    --------
    >>> [each.text for each in day_ticks(20_089, 20_109)]
    ['01 Jan', '06 Jan', '11 Jan', '16 Jan', '21 Jan']
    >>> [each.text for each in day_ticks(20_089, 20_389)]
    ['Jan 2025', 'Mar', 'May', 'Jul', 'Sep']
    """
    span = max(last_day - first_day, 1)
    step = next((each for each in _DAY_STEPS if span <= each * _DAY_LABELS), 0)
    if step:
        days = range(first_day, last_day + 1, step)
        return [Tick(share=(each - first_day) / span, text=f"{_date(each):%d %b}") for each in days]
    step = math.ceil(span / _MONTH_DAYS / _DAY_LABELS)
    found: list[Tick] = []
    month, last_year = _month_from(_date(first_day)), 0
    while (at := (month - EPOCH).days) <= last_day:
        text = f"{month:%b %Y}" if month.year != last_year else f"{month:%b}"
        last_year = month.year
        found.append(Tick(share=(at - first_day) / span, text=text))
        months = month.month - 1 + step
        month = date(month.year + months // 12, months % 12 + 1, 1)
    return found


def _month_from(day: date) -> date:
    """First of the month that begins at a day or after it."""
    return day if day.day == 1 else (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _date(day: int) -> date:
    return EPOCH + timedelta(days=day)


def chart(
    title: str,
    x: FloatArray,
    lines: Sequence[Line],
    *,
    x_scale: Scale,
    y_scale: Scale,
    x_ticks: Sequence[Tick],
    uprights: Sequence[tuple[float, str]] = (),
    height_px: int = 120,
) -> Html:
    """Draw lines over time.

    Parameters
    ----------
    title : str
        What is drawn, with its unit.
    x : ndarray, shape (n_points,)
        Places of the points along the axis. [unit]
    lines : sequence of Line
        What is drawn, the last on top.
    x_scale, y_scale : Scale
        The axes.
    x_ticks : sequence of Tick
        Words of the axis below.
    uprights : sequence of tuple of float and str
        Places that are marked from top to bottom, each with its class.
    height_px : int
        Height of the drawing. [px]

    Returns
    -------
    Html
        A figure.
    """
    marked = [(x_scale.share(at), kind) for at, kind in uprights]
    drawn = [_path(f"M{round(SIDE * share)} 0v{SIDE}", kind) for share, kind in marked if 0.0 <= share <= 1.0]
    places = np.rint(SIDE * (x - x_scale.low) / (x_scale.high - x_scale.low))
    drawn = [*(_drawn(places, each, y_scale) for each in lines if each.upper is not None), *drawn]
    drawn += [_drawn(places, each, y_scale) for each in lines if each.upper is None]
    svg = element("svg", *drawn, viewBox=f"0 0 {SIDE} {SIDE}", preserveAspectRatio="none", role="img", aria_label=title)
    return element(
        "figure", element("figcaption", title), frame(svg, value_ticks(y_scale), x_ticks, height_px), class_="chart"
    )


def frame(content: str, y_ticks: Sequence[Tick], x_ticks: Sequence[Tick], height_px: int) -> Html:
    """Put a drawing between the words of its axes."""
    lines = joined(element("i", class_="grid", style=f"top:{_percent(each.share)}") for each in y_ticks)
    left = joined(element("span", each.text, style=f"top:{_percent(each.share)}") for each in y_ticks)
    below = joined(
        element("span", each.text, style=f"left:{_percent(each.share)}", **_aligned(each.share))
        for each in x_ticks
        if -1e-9 <= each.share <= 1.0 + 1e-9
    )
    return element(
        "div",
        element("div", left, class_="ys"),
        element("div", lines, content, class_="area", style=f"height:{height_px}px"),
        element("div", below, class_="xs"),
        class_="frame",
    )


def _aligned(share: float) -> dict[str, str]:
    """Keep words at the ends inside the page."""
    if _EDGE <= share <= 1.0 - _EDGE:
        return {}
    return {"class_": "first" if share < _EDGE else "last"}


def _percent(share: float) -> str:
    return f"{100.0 * share:.2f}".rstrip("0").rstrip(".") + "%"


def _drawn(places: FloatArray, line: Line, scale: Scale) -> Html:
    y = _heights(line.y, scale)
    if line.upper is None:
        known = np.isfinite(y)
        return _path("".join(_run(places[part], y[part]) for part in _parts(known)), line.kind)
    upper = _heights(line.upper, scale)
    known = np.isfinite(y) & np.isfinite(upper)
    around = [
        _run(np.append(places[part], places[part][::-1]), np.append(y[part], upper[part][::-1])) + "z"
        for part in _parts(known)
    ]
    return _path("".join(around), line.kind)


def _heights(y: FloatArray, scale: Scale) -> FloatArray:
    """Places down the drawing; what is far outside stays near it, so that lines leave it and come back."""
    return np.rint(np.clip(SIDE * (scale.high - y) / (scale.high - scale.low), -_FAR, _FAR + SIDE))


def _parts(known: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[slice]:
    """Runs of points that are all there."""
    edges = np.flatnonzero(np.diff(known.astype(np.int8), prepend=0, append=0))
    return [slice(int(first), int(stop)) for first, stop in zip(edges[::2], edges[1::2], strict=True)]


def _run(x: FloatArray, y: FloatArray) -> str:
    """Write points as steps from one to the next, which is short."""
    steps = "".join(f"{dx:.0f}{dy:+.0f} " for dx, dy in zip(np.diff(x), np.diff(y), strict=True))
    return f"M{x[0]:.0f} {y[0]:.0f}l{steps or '1 0'}".rstrip()


def _path(description: str, kind: str) -> Html:
    return element("path", class_=kind, d=description) if description else Html("")
