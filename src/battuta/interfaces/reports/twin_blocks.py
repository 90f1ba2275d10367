"""What the report of a study is made of before anybody decides whether it becomes a PDF or a page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

from battuta.numerics.arrays import FloatArray

LINE_STYLES = 6
"""Colours and dashes that a chart tells apart; further lines take the colours again with other dashes."""
BESIDE = 5
"""Strategies that stand beside each other in a table."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """A line of a chart.

    Attributes
    ----------
    name : str
        For the legend.
    x, y : ndarray, shape (n_points,)
        Its points; NaN breaks it. [units of the chart's axes]
    style : int
        Which colour and dash.
    is_quiet : bool
        Whether it is a limit or a reference, drawn thin and grey.
    """

    name: str
    x: FloatArray
    y: FloatArray
    style: int = 0
    is_quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Band:
    """An area between two lines.

    Attributes
    ----------
    name : str
        For the legend.
    x, low, high : ndarray, shape (n_points,)
        Its edges. [units of the chart's axes]
    style : int
        Which colour.
    """

    name: str
    x: FloatArray
    low: FloatArray
    high: FloatArray
    style: int = 0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bars:
    """Bars beside those of the same chart.

    Attributes
    ----------
    name : str
        For the legend.
    values : ndarray, shape (n_categories,)
        Their heights, or lengths where the chart lies. [unit of the chart's axis]
    style : int
        Which colour.
    starts : ndarray, shape (n_categories,) or None
        Where they begin; None: at nothing. [unit of the chart's axis]
    """

    name: str
    values: FloatArray
    style: int = 0
    starts: FloatArray | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chart:
    """A plot.

    Attributes
    ----------
    title, x_label, y_label : str
        Words; units in the labels.
    lines : tuple of Line
        Drawn last.
    bands : tuple of Band
        Drawn first.
    bars : tuple of Bars
        One of each for every category.
    categories : tuple of str
        Below the bars.
    is_lying : bool
        Whether bars lie, so that long names of categories can be read.
    is_stacked : bool
        Whether bars stand on one another.
    is_log : bool
        Whether the y axis is logarithmic.
    y_range : tuple of float or None
        Ends of the y axis; None: as the data are.
    share : float
        Share of the page's width. [-]
    """

    title: str
    x_label: str
    y_label: str
    lines: tuple[Line, ...] = ()
    bands: tuple[Band, ...] = ()
    bars: tuple[Bars, ...] = ()
    categories: tuple[str, ...] = ()
    is_lying: bool = False
    is_stacked: bool = False
    is_log: bool = False
    y_range: tuple[float, float] | None = None
    share: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A paragraph, or a warning that stands out."""

    text: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subheading:
    """A heading within a section."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Terms and what they are; headline ones are large."""

    items: tuple[tuple[str, str], ...]
    is_headline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A table: caption, column heads, rows whose first cell is their head, and which columns hold words.

    Attributes
    ----------
    caption : str
        What it shows.
    columns : tuple of str
        Heads.
    rows : tuple of tuple of str
        Cells as text.
    word_columns : tuple of int
        Columns of words; the others are numbers.
    long_column : int or None
        The one of them that takes what width is left.
    total_row : bool
        Whether the last row sums up.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    word_columns: tuple[int, ...] = (0,)
    long_column: int | None = None
    total_row: bool = False


def side_by_side(rows: Rows, n_fixed: int = 1) -> tuple[Rows, ...]:
    """Part a table whose columns are strategies where there are more than a page is wide for.

    Parameters
    ----------
    rows : Rows
        The whole table.
    n_fixed : int
        Columns at its left that each part repeats.

    Returns
    -------
    tuple of Rows
        Tables of the same rows, of `BESIDE` strategies at most; one where all fit.

    Examples
    --------
    >>> wide = Rows(caption="a", columns=("", *"123456"), rows=(("x", *"123456"),))
    >>> [(each.caption, each.columns) for each in side_by_side(wide)]
    [('a (1 to 5 of 6)', ('', '1', '2', '3', '4', '5')), ('a (6 to 6 of 6)', ('', '6'))]
    """
    n_beside = len(rows.columns) - n_fixed
    if n_beside <= BESIDE:
        return (rows,)
    return tuple(
        replace(
            rows,
            caption=f"{rows.caption} ({first - n_fixed + 1} to {min(first - n_fixed + BESIDE, n_beside)} of "
            f"{n_beside})",
            columns=(*rows.columns[:n_fixed], *rows.columns[first : first + BESIDE]),
            rows=tuple((*row[:n_fixed], *row[first : first + BESIDE]) for row in rows.rows),
        )
        for first in range(n_fixed, n_fixed + n_beside, BESIDE)
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """Charts side by side.

    Attributes
    ----------
    key : str
        Name, unique in the report; letters, digits and hyphens.
    caption : str
        What is to be seen.
    charts : tuple of Chart
        From left to right.
    """

    key: str
    caption: str
    charts: tuple[Chart, ...]


Block: TypeAlias = Words | Subheading | Bullets | Facts | Rows | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section with its heading."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report.

    Attributes
    ----------
    title, subtitle : str
        What it is about.
    label : str
        SYNTHETIC and ASSUMED, with what is; nothing where all is recorded.
    foot : str
        What stands at the foot of every page.
    sections : tuple of Section
        In the order of reading.
    """

    title: str
    subtitle: str
    label: str
    foot: str
    sections: tuple[Section, ...]

    def charts(self) -> tuple[tuple[str, Chart], ...]:
        """All charts by a name of their own."""
        pictures = [each for section in self.sections for each in section.blocks if isinstance(each, Picture)]
        return tuple((f"{each.key}-{k}", chart) for each in pictures for k, chart in enumerate(each.charts))
