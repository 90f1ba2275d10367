"""Charts as SVG by matplotlib, letters as text, the same bytes on every machine with the same lock."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportArgumentType=false
# matplotlib's own stubs leave its keywords untyped.

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
from matplotlib import get_data_path, rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from battuta.interfaces.reports.palette import INK, PAPER, QUIET, RULE
from battuta.interfaces.reports.twin_blocks import LINE_STYLES, Bars, Chart, Line
from battuta.interfaces.reports.twin_colours import colour

_DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 2)))
PAGE_IN = 6.9
"""Width of the text of a page. [inch]"""
_LEFT_IN, _RIGHT_IN, _ABOVE_IN, _BELOW_IN = 0.57, 0.1, 0.24, 0.46
"""Room around the plot for its title and labels; fixed, as finding it out takes most of the time. [inch]"""
_PLOT_IN, _BAR_IN, _KEY_IN, _LETTER_IN, _DIGIT_IN = 1.25, 0.24, 0.15, 0.058, 0.075
"""Height of a plot, of a lying bar and of a line of the legend; width of a letter and of a digit. [inch]"""
_TITLE_LETTER_IN = 0.068
_CATEGORY_LETTERS = 40
_LETTERS = 118
"""So many letters of a legend fit on the width of a page."""
_SETTINGS = {
    "svg.hashsalt": "battuta",
    "svg.fonttype": "none",
    "font.family": "DejaVu Sans",
    "font.size": 7.0,
    "axes.titlesize": 7.5,
    "axes.titleweight": "bold",
    "axes.labelcolor": QUIET,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.formatter.useoffset": False,
    "grid.color": RULE,
    "grid.linewidth": 0.5,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "text.color": INK,
    "figure.facecolor": PAPER,
    "legend.frameon": False,
    "legend.fontsize": 6.5,
    "hatch.linewidth": 0.4,
}


def chart_fonts() -> str:
    """Folder of the fonts that charts are written in; they come with matplotlib."""
    return f"{get_data_path()}/fonts/ttf"


def chart_svg(chart: Chart) -> bytes:
    """Draw a chart.

    Parameters
    ----------
    chart : Chart
        The chart.

    Returns
    -------
    bytes
        SVG; same chart, same bytes.
    """
    chart = _drawable(chart)
    keys = list(dict.fromkeys(each.name for each in (*chart.bands, *chart.bars, *chart.lines)))
    n_beside = max(1, min(len(keys), int(_LETTERS * chart.share) // (max(map(len, keys), default=0) + 7)))
    below_in = _BELOW_IN + (_KEY_IN * -(-len(keys) // n_beside) if len(keys) > 1 else 0.0)
    plot_in = _BAR_IN * len(chart.categories) if chart.is_lying else _PLOT_IN
    left_in = _LETTER_IN * max(map(len, chart.categories)) + 0.15 if chart.is_lying else _LEFT_IN
    wide_in, high_in = PAGE_IN * chart.share, _ABOVE_IN + plot_in + below_in
    with rc_context(_SETTINGS):
        figure = Figure(figsize=(wide_in, high_in))
        axes = figure.add_axes(
            (left_in / wide_in, below_in / high_in, 1.0 - (left_in + _RIGHT_IN) / wide_in, plot_in / high_in)
        )
        _draw(axes, chart)
        if chart.is_lying:
            axes.set_xticks(_places_that_fit(axes.get_xlim(), wide_in - left_in - _RIGHT_IN))
        title_in = _RIGHT_IN - left_in if chart.is_lying else 0.0  # above lying bars it has the whole width
        title_x = title_in / (wide_in - left_in - _RIGHT_IN)
        title = shortened(chart.title, int((wide_in - left_in * (not chart.is_lying)) / _TITLE_LETTER_IN))
        axes.set_title(title, loc="left", x=title_x, y=1.0, pad=6.0)  # a place of its own: finding one takes long
        if len(keys) > 1:
            handles, names = axes.get_legend_handles_labels()
            figure.legend(
                handles,
                [shortened(each, int(_LETTERS * chart.share / n_beside) - 7) for each in names],
                loc="lower left",
                bbox_to_anchor=(0.0, 0.0),
                ncols=n_beside,
                handlelength=2.2,
                columnspacing=1.0,
            )
        out = io.BytesIO()
        FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _drawable(chart: Chart) -> Chart:
    """Names as the picture can hold them: one line, no mathematics, and beside lying bars no longer than half of it."""
    most = int(0.5 * PAGE_IN * chart.share / _LETTER_IN) if chart.is_lying else _CATEGORY_LETTERS
    return replace(
        chart,
        title=_plain(chart.title),
        bands=tuple(replace(each, name=_plain(each.name)) for each in chart.bands),
        bars=tuple(replace(each, name=_plain(each.name)) for each in chart.bars),
        lines=tuple(replace(each, name=_plain(each.name)) for each in chart.lines),
        categories=tuple(_plain(shortened(each, most)) for each in chart.categories),
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("$", r"\$")


def shortened(name: str, n_letters: int) -> str:
    """Cut a name that is too long in its middle: names often differ at one of their ends.

    Examples
    --------
    >>> shortened("share 10: of all power that stands at the site, for response", 28)
    'share 10: of all pow…esponse'
    """
    if len(name) <= n_letters:
        return name
    tail = max(n_letters // 4, 1)
    return f"{name[: max(n_letters - tail - 1, 1)]}…{name[-tail:]}"


def _places_that_fit(limits: tuple[float, float], wide_in: float) -> list[float]:
    """Ticks whose numbers stand apart and inside the picture: beside lying bars there is little room."""
    low, high = limits
    inside: list[float] = []
    for n_steps in (6, 5, 4, 3, 2):
        ticks = [float(each) for each in MaxNLocator(n_steps).tick_values(low, high)]
        letters = max(len(f"{each:g}") for each in ticks)
        half_in = 0.5 * letters * _DIGIT_IN
        inch = wide_in / (high - low)
        inside = [each for each in ticks if each >= low and (high - each) * inch + _RIGHT_IN >= half_in]
        if (ticks[1] - ticks[0]) * inch >= 2.0 * half_in + _DIGIT_IN:
            break
    return inside


def _draw(axes: Axes, chart: Chart) -> None:
    axes.set_xlabel(chart.x_label)
    axes.set_ylabel(chart.y_label)
    axes.grid(visible=True, axis="x" if chart.is_lying else "both" if not chart.bars else "y")
    for each in chart.bands:
        axes.fill_between(
            each.x, each.low, each.high, color=colour(each.style), alpha=0.18, linewidth=0.0, label=each.name
        )
    bottom = np.zeros(len(chart.categories))
    for k, each in enumerate(chart.bars):
        _bars(axes, chart, each, k, bottom)
        bottom = bottom + each.values
    for each in chart.lines:
        _line(axes, each)
    if chart.is_log:
        axes.set_yscale("log", nonpositive="clip")
    if chart.x_label == "year" and not chart.bars:
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    elif not chart.bars:  # else long numbers run into each other
        axes.xaxis.set_major_locator(MaxNLocator(max(3, round(10 * chart.share))))
    if chart.y_range is not None:
        axes.set_ylim(*chart.y_range)
    low, high = axes.get_ylim()
    if low < 0.0 < high and not chart.is_lying:
        axes.axhline(0.0, color=QUIET, linewidth=0.6)


def _line(axes: Axes, line: Line) -> None:
    axes.plot(
        line.x,
        line.y,
        color=QUIET if line.is_quiet else colour(line.style),
        linestyle="--" if line.is_quiet else _DASHES[(line.style + line.style // LINE_STYLES) % LINE_STYLES],
        linewidth=0.8 if line.is_quiet else 1.3,
        label=line.name,
    )


def _bars(axes: Axes, chart: Chart, bars: Bars, k: int, bottom: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
    places = np.arange(len(chart.categories), dtype=np.float64)
    n_beside = 1 if chart.is_stacked or bars.starts is not None else len(chart.bars)
    thick = 0.8 / n_beside
    offset = 0.0 if n_beside == 1 else (k + 0.5) * thick - 0.4
    start = bars.starts if bars.starts is not None else bottom if chart.is_stacked else None
    hatch = (None, "//", "..", "xx", "\\\\", "++")[(bars.style + bars.style // LINE_STYLES) % LINE_STYLES]
    look = {"color": colour(bars.style), "edgecolor": PAPER, "linewidth": 0.4, "hatch": hatch, "label": bars.name}
    if chart.is_lying:
        axes.barh(places + offset, bars.values, thick, left=start, **look)
        axes.set_yticks(places, chart.categories)
        if not axes.yaxis_inverted():
            axes.invert_yaxis()
        axes.axvline(0.0 if bars.starts is None else float(bars.starts[0]), color=QUIET, linewidth=0.6)
    else:
        axes.bar(places + offset, bars.values, thick, bottom=start, **look)
        every = max(1, round(len(chart.categories) / (14 * chart.share)))
        axes.set_xticks(places[::every], chart.categories[::every])
