"""Maps of cells over days: one picture for each string, one row for each string of a fleet, findings marked on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np

from battuta.domain.health import Finding
from battuta.domain.time import NS_PER_DAY
from battuta.health.scan_record import MODULE_CELLS, StringRecord
from battuta.interfaces.reports.health_chart import Tick, day_ticks, frame
from battuta.interfaces.reports.health_png import N_STEPS, map_image
from battuta.interfaces.reports.health_words import fault_words, place_words, shown, since_text
from battuta.interfaces.reports.markup import Html, element
from battuta.interfaces.reports.wording import number_text
from battuta.numerics.arrays import FloatArray
from battuta.studies.fleet_scan import StringResult

Links: TypeAlias = Mapping[tuple[str, int | None], str]
"""Where the evidence of a string and cell stands on the page."""
LIMITS: Final = {
    "charge": (0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.5, 1.0),
    "resistance_ohm": (1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 1e-2),
}
"""Where the strongest colours may begin. [-], [ohm]"""
_SHARE_INSIDE: Final = 0.99
_CELL_TICKS: Final = 5
_HEIGHTS: Final = {"charge": 240, "resistance_ohm": 96}


def map_limit(strings: Sequence[StringResult], name: str) -> float:
    """Where the strongest colours of all maps of one kind begin, so that strings can be compared. [its unit]"""
    values = [np.abs(each.record.maps[name]).ravel() for each in strings if each.record is not None]
    joint = np.concatenate([each[np.isfinite(each)] for each in values]) if values else np.empty(0)
    largest = float(np.quantile(joint, _SHARE_INSIDE)) if joint.size else 0.0
    return next((each for each in LIMITS[name] if each >= largest), LIMITS[name][-1])


def string_map(record: StringRecord, findings: Sequence[Finding], links: Links, name: str, limit: float) -> Html:
    """Draw a map of one quantity of a string, cells down and days across.

    Parameters
    ----------
    record : StringRecord
        The string.
    findings : sequence of Finding
        Its findings.
    links : mapping of place to str
        Where the evidence of each stands on the page.
    name : str
        ``charge`` or ``resistance_ohm``.
    limit : float
        Where the strongest colours begin. [its unit]

    Returns
    -------
    Html
        A figure.
    """
    first, last = int(record.days[0]), int(record.days[-1])
    picture = element("img", src=map_image(record.maps[name], limit), alt=f"{shown(name).name} of each cell and day")
    marks = [_mark(each, record, links) for each in findings if each.cell is not None]
    title = f"{shown(name).name.capitalize()} beside the middle of the string: cells down, days across"
    drawn = frame(
        Html(picture + "".join(marks)), _cell_ticks(record.n_cells), day_ticks(first, last + 1), _HEIGHTS[name]
    )
    return element("figure", element("figcaption", title), drawn, class_="map")


def _cell_ticks(n_cells: int) -> list[Tick]:
    step = next(each for each in (1, 2, 5, 10, 20, 50, 100, 200, 500) if n_cells <= each * _CELL_TICKS or each == 500)
    return [Tick(share=(cell + 0.5) / n_cells, text=str(cell)) for cell in range(0, n_cells, step)]


def _mark(finding: Finding, record: StringRecord, links: Links) -> Html:
    """A stroke from where it began to where it was told, and a ring there."""
    first, n_days = int(record.days[0]), int(record.days[-1] - record.days[0]) + 1
    since = min(max((finding.since_ns / NS_PER_DAY - first) / n_days, 0.0), 1.0)
    told = min(max((finding.found_ns / NS_PER_DAY - first) / n_days, since), 1.0)
    top = 100.0 * ((finding.cell or 0) + 0.5) / record.n_cells
    level = finding.level.name.lower()
    words = f"{level}: {place_words(finding)}, {fault_words(finding.fault)} since {since_text(finding)}"
    place = f"left:{100.0 * since:.2f}%;width:{100.0 * (told - since):.2f}%;top:{top:.2f}%"
    return element(
        "a", "", class_=f"mark {level}", style=place, title=words, aria_label=words, **_target(finding, links)
    )


def _target(finding: Finding, links: Links) -> dict[str, str]:
    place = (finding.string_id, finding.cell)
    return {"href": f"#{links[place]}"} if place in links else {}


def legend(name: str, limit: float) -> Html:
    """Say what the colours of a map mean."""
    known = shown(name)
    ramp = np.linspace(-limit, limit, 2 * N_STEPS + 1)[None, :]
    value = number_text(limit * known.factor, 0)
    low = element("span", f"\u2212{value} {known.unit} or less")
    high = element("span", f"+{value} {known.unit} or more")
    picture = element("img", src=map_image(ramp, limit), alt="from blue over clear to orange")
    nothing = element("img", src=map_image(np.full((1, 1), np.nan), 1.0), alt="grey", class_="none")
    return element(
        "p", element("b", known.name), low, picture, high, nothing, element("span", "nothing seen"), class_="legend"
    )


def fleet_map(strings: Sequence[StringResult], links: Links, limit: float) -> Html:
    """Draw each string as one row of its modules, coloured by the cell that lay farthest off in the last seven days.

    Parameters
    ----------
    strings : sequence of StringResult
        Strings with a record.
    links : mapping of place to str
        Where the evidence of each finding stands.
    limit : float
        Where the strongest colours begin. [-]

    Returns
    -------
    Html
        A list that breaks into columns where there is room.
    """
    widest = max((each.record.modules.size for each in strings if each.record is not None), default=1)
    rows = [_fleet_row(each, each.record, links, limit, widest) for each in strings if each.record is not None]
    return element(
        "div", element("ul", *rows, class_="fleet"), class_="scroll", tabindex="0", role="region", aria_label="fleet"
    )


def _fleet_row(result: StringResult, record: StringRecord, links: Links, limit: float, widest: int) -> Html:
    values: FloatArray = record.modules if record.modules.size else np.full(1, np.nan)
    picture = element("img", src=map_image(values[None, :], limit), alt="")
    width = 100.0 * values.size / widest
    marks = [_dot(each, values.size, links) for each in _gravest(result.findings)]
    strip = element(
        "span", element("span", picture, *marks, class_="strip", style=f"width:{width:.4g}%"), class_="track"
    )
    n_findings = element("span", str(len(result.findings) or ""), class_="n")
    return element("li", element("span", result.string_id, class_="name"), strip, n_findings)


def _gravest(findings: Sequence[Finding]) -> list[Finding]:
    """Of each module the gravest finding."""
    found: dict[int, Finding] = {}
    for each in findings:
        module = (each.cell or 0) // MODULE_CELLS
        if each.cell is not None and (module not in found or each.level > found[module].level):
            found[module] = each
    return list(found.values())


def _dot(finding: Finding, n_modules: int, links: Links) -> Html:
    words = f"{finding.level.name.lower()}: {place_words(finding)}, {fault_words(finding.fault)}"
    left = 100.0 * ((finding.cell or 0) // MODULE_CELLS + 0.5) / n_modules
    kind = f"dot {finding.level.name.lower()}"
    return element(
        "a", "", class_=kind, style=f"left:{left:.2f}%", title=words, aria_label=words, **_target(finding, links)
    )
