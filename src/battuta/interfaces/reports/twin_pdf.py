"""The report of a study as a PDF: the same study, version and lock make the same bytes on every machine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, Literal

from battuta.interfaces.reports.twin_figures import StudyFigures, study_figures
from battuta.interfaces.reports.twin_report import study_report
from battuta.interfaces.reports.twin_typst import report_data, template
from battuta.studies.life_study_result import LifeStudyResult

_CREATED: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Moment that the file claims to be made at: that of the making would change its bytes."""


def twin_pdf(result: LifeStudyResult, *, version: str) -> bytes:
    """Write the report of a study as a PDF.

    Parameters
    ----------
    result : LifeStudyResult
        The study.
    version : str
        Version of the software, printed on every page.

    Returns
    -------
    bytes
        The PDF.
    """
    return figures_pdf(study_figures(result, version))


def figures_pdf(study: StudyFigures) -> bytes:
    """Write the report of figures that are made already; see `twin_pdf`."""
    return compiled(study, "pdf")[0]


def compiled(study: StudyFigures, kind: Literal["pdf", "png"], dots_per_inch: float = 144.0) -> list[bytes]:
    """Set the report: one PDF, or one picture of each page.

    Parameters
    ----------
    study : StudyFigures
        All figures.
    kind : str
        ``pdf`` or ``png``.
    dots_per_inch : float
        Of pictures. [1/inch]

    Returns
    -------
    list of bytes
        Files.
    """
    import typst

    from battuta.interfaces.reports.twin_svg import chart_fonts, chart_svg

    report = study_report(study)
    files = {"main.typ": template().encode(), "report.json": report_data(report)}
    files |= {f"{key}.svg": chart_svg(chart) for key, chart in report.charts()}
    made = typst.compile(
        files,  # pyright: ignore[reportArgumentType]  its stubs lack the files of a whole project
        format=kind,
        ppi=dots_per_inch,
        font_paths=[chart_fonts()],
        ignore_system_fonts=True,
        timestamp=_CREATED,
    )
    return made if isinstance(made, list) else [made]
