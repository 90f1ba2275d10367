"""How a health report looks beyond what all reports share: its charts, maps and cards, by day and by night."""

from __future__ import annotations

from typing import Final

from battuta.interfaces.reports.page_style import WARNING_INK, WARNING_WASH, WASH
from battuta.interfaces.reports.palette import ACCENT, INK, PAPER, QUIET, RULE

LIGHT: Final = {
    "ink": INK, "quiet": QUIET, "rule": RULE, "paper": PAPER, "wash": WASH, "accent": ACCENT, "link": ACCENT,
    "warning-ink": WARNING_INK, "warning-wash": WARNING_WASH, "band": "#D3D8DF", "act": "#A33A00", "watch": "#6B5200",
    "plan": "#5A3E8C",
}  # fmt: skip
DARK: Final = {
    "ink": "#E6E9ED", "quiet": "#A9B1BC", "rule": "#3A424D", "paper": "#14181D", "wash": "#1E242B",
    "accent": "#5BB4F0", "link": "#7CC4F5", "warning-ink": "#FFC38A", "warning-wash": "#3A2410", "band": "#3B4450",
    "act": "#FF9A57", "watch": "#E3C341", "plan": "#C3A6F2",
}  # fmt: skip


def _variables(colors: dict[str, str]) -> str:
    return " ".join(f"--{name}: {color};" for name, color in colors.items())


HEALTH_STYLE: Final = f"""
:root {{ color-scheme: light dark; {_variables(LIGHT)} }}
@media (prefers-color-scheme: dark) {{ @media screen {{ :root {{ {_variables(DARK)} }} }} }}
body {{ background: var(--paper); color: var(--ink); }}
a {{ color: var(--link); }}
h2 {{ border-color: var(--rule); }}
h3, p, li {{ overflow-wrap: anywhere; }}
h3 {{ font-size: 1rem; margin: 0 0 6px; overflow-wrap: anywhere; }}
.quiet, figcaption, caption, .facts dt, .keys dt, footer {{ color: var(--quiet); }}
.label {{ color: var(--warning-ink); background: var(--warning-wash); border-color: var(--warning-ink); }}
.keys > div {{ background: var(--wash); border-color: var(--accent); }}
.scroll, th, td, footer {{ border-color: var(--rule); }}
thead th {{ background: var(--wash); white-space: nowrap; }}
tbody th {{ background: var(--paper); }}
tbody th {{ white-space: normal; min-width: 8em; overflow-wrap: anywhere; }}
td:last-child, td:nth-last-child(2) {{ white-space: normal; min-width: 9em; }}
.level {{ font-weight: 700; text-transform: uppercase; font-size: 0.8em; letter-spacing: 0.03em; }}
.level.act {{ color: var(--act); }} .level.watch {{ color: var(--watch); }} .level.plan {{ color: var(--plan); }}
ul.words {{ padding-left: 1.2em; max-width: 85ch; overflow-wrap: anywhere; }}
figure {{ margin: 0; min-width: 0; }}
.frame {{ display: grid; grid-template-columns: 46px minmax(0, 1fr); font-size: 11px; line-height: 1;
  color: var(--quiet); font-variant-numeric: tabular-nums; padding: 6px 0 4px; }}
.ys, .xs, .area {{ position: relative; }}
.ys span {{ position: absolute; right: 6px; transform: translateY(-50%); white-space: nowrap; }}
.xs {{ grid-column: 2; height: 18px; }}
.xs span {{ position: absolute; top: 5px; transform: translateX(-50%); white-space: nowrap; }}
.xs .first {{ transform: none; }} .xs .last {{ transform: translateX(-100%); }}
.area {{ border-left: 1px solid var(--rule); border-bottom: 1px solid var(--rule); }}
.area > svg, .map .area > img {{ position: absolute; inset: 0; width: 100%; height: 100%; display: block; }}
.area > svg {{ overflow: hidden; }}
.grid {{ position: absolute; left: 0; right: 0; border-top: 1px solid var(--rule); opacity: 0.6; }}
path {{ fill: none; vector-effect: non-scaling-stroke; stroke-width: 1.2px; stroke-linejoin: round; }}
.band {{ fill: var(--band); stroke: none; }}
.middle {{ stroke: var(--quiet); stroke-width: 1px; }}
.cell {{ stroke: var(--accent); stroke-width: 1.8px; }}
.current {{ stroke: var(--ink); }}
path.watch {{ stroke: var(--watch); stroke-dasharray: 2 3; stroke-width: 1.6px; }}
path.act {{ stroke: var(--act); stroke-dasharray: 7 4; stroke-width: 1.6px; }}
.since {{ stroke: var(--ink); stroke-dasharray: 2 3; }}
.told {{ stroke: var(--ink); stroke-width: 1.4px; }}
.figures {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 340px), 1fr)); gap: 14px 22px;
  margin-top: 10px; }}
.figures figcaption {{ font-size: 0.82rem; line-height: 1.3; min-height: 2.6em; display: flex; align-items: flex-end; }}
.card {{ margin: 14px 0; padding: 12px 14px; border: 1px solid var(--rule); border-left: 5px solid var(--quiet);
  content-visibility: auto; contain-intrinsic-size: auto 900px; }}
.card.act {{ border-left-color: var(--act); }} .card.watch {{ border-left-color: var(--watch); }}
.card.plan {{ border-left-color: var(--plan); }} .card:target {{ outline: 3px solid var(--accent); }}
ul.told {{ margin: 8px 0; padding: 8px 0 0 1.2em; border-top: 1px solid var(--rule); font-size: 0.9rem;
  overflow-wrap: anywhere; max-width: 130ch; }}
.key {{ display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 0.87rem; color: var(--quiet); list-style: none;
  padding: 0; }}
.key li {{ display: flex; align-items: center; gap: 6px; }} .key svg {{ width: 30px; height: 14px; flex: none; }}
.legend {{ display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; font-size: 0.87rem; max-width: none; }}
.legend img {{ width: 124px; height: 14px; image-rendering: pixelated; border: 1px solid var(--rule); }}
.legend img.none {{ width: 18px; margin-left: 12px; }}
.map {{ margin: 8px 0; }}
.map .area > img {{ image-rendering: pixelated; }}
.mark {{ position: absolute; height: 14px; margin-top: -7px; }}
.mark::before {{ content: ""; position: absolute; left: 0; right: 5px; top: 6px; border-top: 1px dotted currentColor; }}
.mark {{ border-left: 2px solid currentColor; }}
.mark::after {{ content: ""; position: absolute; right: -6px; top: 2px; width: 10px; height: 10px; border-radius: 50%;
  border: 2px solid currentColor; background: var(--paper); }}
.mark.act, .dot.act {{ color: var(--act); }} .mark.watch, .dot.watch {{ color: var(--watch); }}
.mark.plan, .dot.plan {{ color: var(--plan); }} .mark.act::after, .dot.act::after {{ background: currentColor; }}
.fleet {{ list-style: none; margin: 0; padding: 8px; columns: 300px; column-gap: 28px; font-size: 0.84rem; }}
.fleet li {{ display: grid; grid-template-columns: minmax(0, 11em) minmax(0, 1fr) 2.2em; gap: 8px; align-items: center;
  break-inside: avoid; padding: 2px 0; }}
.fleet .name {{ overflow-wrap: anywhere; line-height: 1.15; }} .fleet .n {{ text-align: right; }}
.fleet .strip {{ display: block; position: relative; height: 16px; border: 1px solid var(--rule); }}
.fleet .strip img {{ width: 100%; height: 100%; display: block; image-rendering: pixelated; }}
.dot::after {{ content: ""; position: absolute; left: -5px; top: 2px; width: 10px; height: 10px; border-radius: 50%;
  border: 2px solid currentColor; background: var(--paper); }}
.dot {{ position: absolute; top: 0; }}
@media (max-width: 600px) {{
  .card {{ padding: 10px; }}
  .figures figcaption {{ min-height: 0; }}
  .map .area > img {{ image-rendering: auto; }}
  .fleet li {{ grid-template-columns: minmax(0, 7.5em) minmax(0, 1fr) 1.6em; }}
}}
@media print {{
  .card {{ content-visibility: visible; }}
  .figures {{ grid-template-columns: 1fr 1fr 1fr; }}
}}
"""
