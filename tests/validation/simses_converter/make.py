"""Asks SimSES 2 for its converters at 20 powers each way, and for 90 days behind one; writes `reference.json`.

Run in SimSES's own environment: `benchmarks/peers/.envs/simses/bin/python tests/validation/simses_converter/make.py`
"""

import json
import sys
from importlib.metadata import version
from pathlib import Path

from simses.model.converter.bonfiglioli import BonfiglioliTL4Q, BonfiglioliTL4QFieldData
from simses.model.converter.sinamics import SinamicsS120
from simses.model.converter.sungrow import SungrowSC1000TL

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "benchmarks" / "peers"))
import simses_duty  # noqa: E402

LEVELS = [round(0.05 * each, 2) for each in range(1, 21)]
SMALL = [0.0025, 0.005, 0.01, 0.015, 0.025]


def dc_powers(model) -> dict:
    """DC power of a converter for AC powers, all as shares of the rating, charge positive as SimSES counts."""
    return {
        "charge": [model.ac_to_dc(each) for each in LEVELS],
        "discharge": [model.ac_to_dc(-each) for each in LEVELS],
        "charge_small": [model.ac_to_dc(each) for each in SMALL],
        "discharge_small": [model.ac_to_dc(-each) for each in SMALL],
    }


def life(inner: int) -> dict:
    """90 days behind the Sungrow converter."""
    answer = simses_duty.run(90, with_converter=True, inner=inner)
    for key in ("steps", "days", "seconds"):
        del answer[key]
    return answer


def main() -> int:
    """Ask and write."""
    models = {
        "sungrow_sc1000tl_field": SungrowSC1000TL(),
        "bonfiglioli_data_sheet": BonfiglioliTL4Q(),
        "bonfiglioli_field": BonfiglioliTL4QFieldData(),
        "sinamics_s120": SinamicsS120(use_discharging_curve=True),
    }
    answer = {
        "peer": f"SimSES {version('simses')}, by make.py beside this file",
        "ac_share": LEVELS,
        "ac_share_small": SMALL,
        "dc_share": {name: dc_powers(model) for name, model in models.items()},
        "life_at_60_s": life(1),
        "life_at_10_s": life(6),
    }
    (HERE / "reference.json").write_text(json.dumps(answer) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
