"""The report of a study as one HTML page: the sections of the PDF, its figures to point at and to zoom."""

from __future__ import annotations

from battuta.interfaces.reports.markup import Html, element, joined, pairs, table
from battuta.interfaces.reports.page import figure_html, page_text
from battuta.interfaces.reports.report_tables import label_html
from battuta.interfaces.reports.twin_blocks import Block, Bullets, Facts, Picture, Rows, Section, Subheading, Words
from battuta.interfaces.reports.twin_figures import StudyFigures, study_figures
from battuta.interfaces.reports.twin_plotly import chart_figure
from battuta.interfaces.reports.twin_report import study_report
from battuta.studies.life_study_result import LifeStudyResult

_WITHOUT_SCRIPT = "Without JavaScript this page has no figures; the main numbers are in its tables."


def twin_html(result: LifeStudyResult, *, version: str) -> str:
    """Write the report of a study as a page that needs nothing from anywhere.

    Parameters
    ----------
    result : LifeStudyResult
        The study.
    version : str
        Version of the software, at the foot.

    Returns
    -------
    str
        The page; same study, version and lock, same text.
    """
    return figures_html(study_figures(result, version))


def figures_html(study: StudyFigures) -> str:
    """Write the page of figures that are made already; see `twin_html`."""
    report = study_report(study)
    head = element("header", element("h1", report.title), element("p", report.subtitle, class_="quiet"))
    body = [
        head,
        *(_section(k + 1, each, report.label) for k, each in enumerate(report.sections)),
        element("footer", element("p", report.foot), element("noscript", _WITHOUT_SCRIPT)),
    ]
    return page_text(report.title, body)


def _section(number: int, section: Section, label: str) -> Html:
    return element(
        "section", element("h2", f"{number} {section.heading}"), *(_block(each, label) for each in section.blocks)
    )


def _block(block: Block, label: str) -> Html:
    match block:
        case Words():
            return label_html(block.text) if block.is_warning else element("p", block.text)
        case Subheading():
            return element("h3", block.text)
        case Bullets():
            return element("ul", *(element("li", each) for each in block.items))
        case Facts():
            return pairs(block.items, "facts")
        case Rows():
            rows = [[_lines(cell) for cell in row] for row in block.rows]
            shown = table(
                block.caption, block.columns, [rows], text_columns=block.word_columns, long_column=block.long_column
            )
            return element("div", shown, class_="whole")
        case Picture():
            return _picture(block, label)


def _picture(picture: Picture, label: str) -> Html:
    """Charts beside each other as far as there is room, with their caption once."""
    drawn = joined(
        figure_html(chart_figure(chart, label), f"{picture.key}-{k}", chart.title)
        for k, chart in enumerate(picture.charts)
    )
    return joined([element("div", drawn, class_="charts"), element("p", picture.caption, class_="quiet")])


def _lines(cell: str) -> str:
    """Break the lines of a cell as its words do."""
    lines = cell.split("\n")
    return cell if len(lines) == 1 else joined([part for line in lines for part in (line, Html("<br>"))][:-1])
