"""Colours of figures and pages: grey for what is usual, one accent for what was chosen, safe for colour-blind eyes.

Hues are from Okabe and Ito's set; each also differs in lightness, so that a grey print still tells them apart.
"""

from __future__ import annotations

from typing import Final

INK: Final = "#1B1F24"
QUIET: Final = "#545B66"
RULE: Final = "#D5D9DF"
PAPER: Final = "#FFFFFF"
ACCENT: Final = "#0062A3"
BUY: Final = "#86BCE0"
ALERT: Final = "#B34700"
ALERT_FILL: Final = "rgba(213, 94, 0, 0.40)"
BOUND: Final = "#545B66"
OUTSIDE: Final = "rgba(84, 91, 102, 0.12)"
YARDSTICK: Final = "#1B1F24"
BASELINES: Final = ("#6B7280", "#9AA1AC")
DASHES: Final = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
