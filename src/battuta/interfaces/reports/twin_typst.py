"""The report of a study as typst reads it: a fixed template, and all words as data, so that none becomes markup."""

from __future__ import annotations

import json
from typing import Final, TypeAlias

from battuta.interfaces.reports.page_style import WARNING_INK, WARNING_WASH, WASH
from battuta.interfaces.reports.palette import ACCENT, INK, QUIET, RULE
from battuta.interfaces.reports.twin_blocks import Block, Bullets, Facts, Report, Rows, Subheading, Words
from battuta.interfaces.reports.twin_verdict import HOLDS, HOLDS_NOT

Told: TypeAlias = "str | bool | int | float | list[Told] | dict[str, Told] | None"
_COLOURS = {
    "INK": INK,
    "QUIET": QUIET,
    "RULE": RULE,
    "ACCENT": ACCENT,
    "WASH": WASH,
    "WARN": WARNING_INK,
    "WARN-WASH": WARNING_WASH,
}
TEMPLATE: Final = r"""
#let doc = json("report.json")
#let ink = rgb("INK")
#let quiet = rgb("QUIET")
#let rule = rgb("RULE")
#let accent = rgb("ACCENT")
#set document(title: doc.title, author: "Battuta", date: none)
#set page(
  paper: "a4",
  margin: (x: 17.5mm, top: 21mm, bottom: 19mm),
  header: context if counter(page).get().first() > 1 {
    set text(7.5pt, fill: quiet)
    grid(columns: (auto, 1fr), column-gutter: 12pt,
      text(doc.title), align(right, text(fill: rgb("WARN"), doc.label)))
    block(above: 3.5pt, line(length: 100%, stroke: 0.5pt + rule))
  },
  footer: context {
    set text(7.5pt, fill: quiet)
    line(length: 100%, stroke: 0.5pt + rule)
    v(-3pt)
    grid(columns: (1fr, auto), text(doc.foot), [#counter(page).display() / #counter(page).final().first()])
  },
)
#set text(font: "Libertinus Serif", size: 9.5pt, fill: ink, lang: "en", hyphenate: false)
#set par(leading: 0.58em, spacing: 0.85em, justify: false)
#set heading(numbering: "1")
#show heading.where(level: 1): it => block(sticky: true, above: 20pt, below: 9pt, {
  set text(14pt, weight: 700, fill: accent)
  it
})
#show heading.where(level: 2): it => block(sticky: true, above: 13pt, below: 7pt, text(10.5pt, weight: 700, it.body))
#set list(marker: text(fill: accent, sym.bullet), indent: 2pt, body-indent: 6pt, spacing: 0.75em)
#set table(stroke: none, inset: (x: 4pt, y: 3pt))
#show figure: set block(breakable: false)

#let words(each, leads) = if each.warning {
  block(width: 100%, inset: 8pt, fill: rgb("WARN-WASH"), stroke: (left: 3pt + rgb("WARN")),
    text(fill: rgb("WARN"), weight: 700, each.text))
} else { block(sticky: leads, above: 8pt, below: 8pt, text(each.text)) }

#let facts(each) = {
  let cell(pair) = block(width: 100%, inset: (left: 6pt, y: 2pt), stroke: (left: 1.5pt + rule),
    text(8pt, fill: quiet, pair.at(0)) + linebreak() + text(pair.at(1)))
  grid(columns: (1fr,) * 3, column-gutter: 8pt, row-gutter: 7pt, ..each.items.map(cell))
}

#let rows(each) = {
  let n = each.columns.len()
  let size = if n > 8 { 7.4pt } else if n > 6 { 8pt } else { 8.5pt }
  let widths = range(n).map(k => {
    if each.widths.at(k) == 0 { auto } else { each.widths.at(k) * 1fr }
  })
  let last = each.rows.len()
  let body = table(
    columns: widths,
    align: (x, y) => (if x in each.word { left } else { right }) + (if y == 0 { bottom } else { top }),
    fill: (x, y) => if y == 0 { rgb("WASH") },
    table.hline(stroke: 0.7pt + quiet),
    table.header(..each.columns.map(c => text(weight: 700, c))),
    table.hline(stroke: 0.5pt + quiet),
    ..each.rows.enumerate().map(((k, row)) => {
      let is-total = each.total and k == last - 1
      let cells = row.map(c => if is-total or c in doc.strong { text(weight: 700, c) } else { text(c) })
      if is-total { (table.hline(stroke: 0.5pt + quiet), ..cells) }
      else if k > 0 and row.first() != "" { (table.hline(stroke: 0.35pt + rule), ..cells) }
      else { cells }
    }).flatten(),
    table.hline(stroke: 0.7pt + quiet),
  )
  block(above: 10pt, below: 11pt, breakable: last > each.breaks, {
    block(sticky: true, below: 5pt, text(8.5pt, fill: quiet, each.caption))
    set text(size, number-width: "tabular")
    set par(leading: 0.42em)
    body
  })
}

#let picture(each) = block(above: 10pt, below: 11pt, breakable: false, {
  for row in each.charts.chunks(each.beside) {
    grid(columns: (1fr,) * each.beside, column-gutter: 2pt, row-gutter: 4pt,
      ..row.map(c => image(c.file, width: 100%, alt: c.alt)))
  }
  v(-4pt)
  text(8.5pt, fill: quiet, each.caption)
})

#v(6pt)
#text(21pt, weight: 700, doc.title)
#v(-8pt)
#text(11pt, fill: quiet, doc.subtitle)
#v(2pt)
#for section in doc.sections {
  heading(level: 1, section.heading)
  for (k, each) in section.blocks.enumerate() {
    let next = section.blocks.at(k + 1, default: (kind: ""))
    if each.kind == "words" { words(each, next.kind in ("rows", "picture")) }
    else if each.kind == "subheading" { heading(level: 2, numbering: none, each.text) }
    else if each.kind == "bullets" { list(..each.items.map(i => text(i))) }
    else if each.kind == "facts" { facts(each) }
    else if each.kind == "rows" { rows(each) }
    else { picture(each) }
  }
}
"""
ROWS_TOGETHER: Final = 16
"""A table of at most so many rows is never broken over pages."""
_YEARS_TOGETHER: Final = 26
"""The same of a table of years with their sum."""
_LONG_TOGETHER: Final = 8
"""The same of a table with a column of sentences."""


_WORD_LENGTH_MAX: Final = 34
"""Longest words of a table that stay on one line. [characters]"""
_LETTERS_OF_NUMBER: Final = 14.0
"""Letters of a column of words that has the width of one number. [characters]"""


def template() -> str:
    """Return the template with its colours."""
    text = TEMPLATE
    for name, colour in sorted(_COLOURS.items(), key=lambda each: -len(each[0])):
        text = text.replace(f'rgb("{name}")', f'rgb("{colour}")')
    return text


def report_data(report: Report) -> bytes:
    """Write a report as the data that the template reads.

    Parameters
    ----------
    report : Report
        The report.

    Returns
    -------
    bytes
        JSON; charts by the names of their files.
    """
    told: Told = {
        "title": report.title,
        "subtitle": report.subtitle,
        "label": report.label,
        "foot": report.foot,
        "strong": [HOLDS, HOLDS_NOT],
        "sections": [
            {"heading": section.heading, "blocks": [_block(each) for each in section.blocks]}
            for section in report.sections
        ],
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _block(block: Block) -> Told:
    match block:
        case Words():
            return {"kind": "words", "text": block.text, "warning": block.is_warning}
        case Subheading():
            return {"kind": "subheading", "text": block.text}
        case Bullets():
            return {"kind": "bullets", "items": list(block.items)}
        case Facts():
            return {"kind": "facts", "items": [list(pair) for pair in block.items]}
        case Rows():
            return {
                "kind": "rows",
                "caption": block.caption,
                "columns": list(block.columns),
                "rows": [list(row) for row in block.rows],
                "word": list(block.word_columns),
                "widths": _widths(block),
                "total": block.total_row,
                "breaks": _together(block),
            }
        case _:
            return {
                "kind": "picture",
                "caption": block.caption,
                "beside": max(1, round(1.0 / block.charts[0].share)),
                "charts": [
                    {"file": f"{block.key}-{k}.svg", "alt": chart.title} for k, chart in enumerate(block.charts)
                ],
            }


def _widths(block: Rows) -> list[Told]:
    """Shares of the width by column; 0: as wide as its words, which a long name may not be."""
    found: list[Told] = []
    for k, head in enumerate(block.columns):
        longest = max(len(line) for cell in (head, *(row[k] for row in block.rows)) for line in cell.split("\n"))
        is_words = k == 0 or k in block.word_columns
        if block.long_column is None:
            narrow = not is_words or longest > _WORD_LENGTH_MAX
            found.append((max(1.0, longest / _LETTERS_OF_NUMBER) if is_words else 1.0) if narrow else 0)
        elif k == block.long_column:
            found.append(1.0)
        else:
            found.append(0.6 if longest > _WORD_LENGTH_MAX else 0)
    return found


def _together(block: Rows) -> int:
    if block.total_row:
        return _YEARS_TOGETHER
    return ROWS_TOGETHER if block.long_column is None else _LONG_TOGETHER
