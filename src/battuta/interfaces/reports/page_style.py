"""How a report looks on a screen, on a phone and on paper."""

from __future__ import annotations

from typing import Final

from battuta.interfaces.reports.palette import ACCENT, FONT, INK, PAPER, QUIET, RULE

WASH: Final = "#F4F6F8"
WARNING_INK: Final = "#7A2E00"
WARNING_WASH: Final = "#FFF1E0"

STYLE: Final = f"""
:root {{ color-scheme: light; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; background: {PAPER}; color: {INK}; font: 15px/1.5 {FONT}; }}
main {{ max-width: 1280px; margin: 0 auto; padding: 20px 16px 48px; }}
h1 {{ font-size: 1.6rem; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }}
h2 {{ font-size: 1.15rem; margin: 36px 0 8px; padding-top: 10px; border-top: 1px solid {RULE}; }}
p {{ margin: 6px 0; max-width: 75ch; }}
.quiet, figcaption, caption {{ color: {QUIET}; }}
.label {{ margin: 12px 0; padding: 8px 12px; max-width: none; border: 1px solid {WARNING_INK}; border-left-width: 6px;
  background: {WARNING_WASH}; color: {WARNING_INK}; font-weight: 700; overflow-wrap: anywhere; }}
dl {{ margin: 12px 0; }}
dd {{ margin: 0; overflow-wrap: anywhere; }}
.facts {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 8px 20px; }}
.facts dt, .keys dt {{ font-size: 0.8rem; color: {QUIET}; }}
.keys {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(160px, 1fr)); gap: 10px; }}
.keys > div {{ padding: 10px 12px; background: {WASH}; border-left: 3px solid {ACCENT}; }}
.keys dd {{ font-size: 1.2rem; font-weight: 650; font-variant-numeric: tabular-nums; }}
.strategies dt {{ font-weight: 650; margin-top: 10px; }}
figure {{ margin: 12px 0; }}
.plot {{ min-height: 40px; }}
figcaption {{ font-size: 0.87rem; max-width: 85ch; }}
.scroll {{ overflow: auto; max-height: 460px; border: 1px solid {RULE}; margin: 10px 0; }}
.whole .scroll {{ max-height: none; }}
.charts {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); gap: 0 12px; }}
.charts > figure {{ min-width: 0; margin: 6px 0; }}
.charts figcaption {{ display: none; }}
.scroll:focus-visible {{ outline: 3px solid {ACCENT}; outline-offset: 1px; }}
table {{ border-collapse: separate; border-spacing: 0; width: 100%; font-size: 0.86rem;
  font-variant-numeric: tabular-nums; }}
caption {{ text-align: left; padding: 6px 10px; }}
caption span {{ display: block; position: sticky; left: 10px; max-width: min(90ch, calc(100vw - 56px)); }}
th, td {{ padding: 4px 8px; border-bottom: 1px solid {RULE}; vertical-align: top; }}
thead th {{ position: sticky; top: 0; background: {WASH}; font-weight: 650; z-index: 1; vertical-align: bottom; }}
tbody th {{ font-weight: 500; white-space: nowrap; position: sticky; left: 0; background: {PAPER}; }}
thead th:first-child {{ left: 0; z-index: 2; }}
tbody + tbody tr:first-child > * {{ border-top: 2px solid {QUIET}; }}
th, td {{ text-align: right; }}
td {{ white-space: nowrap; }}
.w, .l {{ text-align: left; }}
td.l {{ min-width: 15em; white-space: normal; }}
footer {{ margin-top: 40px; border-top: 1px solid {RULE}; font-size: 0.87rem; color: {QUIET}; }}
@media (max-width: 600px) {{
  tbody th {{ white-space: normal; min-width: 7em; max-width: 42vw; }}
}}
@media print {{
  @page {{ margin: 14mm; }}
  body {{ font-size: 10pt; }}
  main {{ max-width: none; padding: 0; }}
  h2 {{ break-after: avoid; }}
  figure, .keys > div, tr {{ break-inside: avoid; }}
  .scroll {{ overflow: visible; max-height: none; border: 0; }}
  table {{ font-size: 7.5pt; }}
  th, td {{ padding: 2px 4px; }}
  thead th, tbody th {{ position: static; }}
  td.l {{ min-width: 13em; }}
  .modebar {{ display: none !important; }}
}}
"""
