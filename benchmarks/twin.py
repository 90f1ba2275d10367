"""The twenty-year twin, all of its claims in one run: ageing, lives, calibration, money, study.

`python benchmarks/twin.py --json` prints one object and ends with 1 where a goal is not met. Each part can be run by
itself: `twin_ageing.py`, `twin_lives.py`, `twin_calibration.py`, `twin_finance.py`, `twin_study.py`,
`twin_telemetry.py`.
"""

from __future__ import annotations

import sys

import twin_ageing
import twin_calibration
import twin_finance
import twin_lives
import twin_study
import twin_telemetry
from figures import answer, questions


def main() -> int:
    """Measure everything and print it."""
    parser = questions(__doc__)
    parser.add_argument("--no-peers", action="store_true", help="leave SimSES out")
    options = parser.parse_args()
    figures = [
        *twin_ageing.measured(),
        *twin_lives.measured(peers=not options.no_peers),
        *twin_calibration.measured(),
        *twin_finance.measured(),
        *twin_study.measured(),
        *twin_telemetry.measured(),
    ]
    return answer(figures, as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
