"""Lives as a frame."""

import numpy as np

from battuta.interfaces.python.life_tables import lives_frame
from unit.studies.life_case import small_result


def test_a_row_is_a_life_in_a_year():
    result = small_result()
    frame = lives_frame(result)
    assert frame.height == 2 * 40 * 5
    row = frame.filter(strategy="base", life=3, year=2).row(0, named=True)
    lives = result.of("base").lives
    assert row["soh_capacity"] == lives.soh_capacity[3, 2]
    assert row["full_cycles"] == lives.full_cycles[3, 1]
    assert row["ageing_model"] == lives.law[lives.law_of_life[3]]
    assert row["equity_flow"] == result.of("base").finance.equity_flow[3, 2]
    assert np.isfinite(frame.select("revenue", "cfads", "availability").to_numpy()).all()
