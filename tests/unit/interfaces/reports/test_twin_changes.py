from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.study import ChangeWhen, FrequencyRegulation, Storage, StrategyChange
from battuta.interfaces.reports.twin_blocks import Rows
from battuta.interfaces.reports.twin_changes import changes, has_changes, marks
from battuta.interfaces.reports.twin_charts import fan_charts
from battuta.interfaces.reports.twin_figures import study_figures
from unit.interfaces.reports.twin_case import N_LIVES, N_YEARS, result


@pytest.fixture(scope="module")
def figures():
    """The second strategy changes: all lives but four in year 4, ten of them again in year 9."""
    made = result()
    base, hard = made.strategies
    share = np.zeros((N_LIVES, N_YEARS, 3))
    share[:, :, 0] = 1.0
    share[4:, 3:, :] = (0.0, 1.0, 0.0)
    share[4:14, 8:, :] = (0.0, 0.0, 1.0)
    when = ChangeWhen(soh_capacity_below=0.8), ChangeWhen(soh_capacity_below=0.7, from_year=9)
    changed = replace(
        hard.strategy,
        changes=(
            StrategyChange(when=when[0], duty=FrequencyRegulation(power_share=0.4)),
            StrategyChange(when=when[1], duty=Storage(soc=0.5)),
        ),
    )
    hard = replace(hard, strategy=changed, lives=replace(hard.lives, stage_share=share))
    return study_figures(replace(made, strategies=(base, hard)))


def test_a_row_for_each_change_says_when_what_and_how_many(figures):
    (table, _) = changes(figures)
    assert isinstance(table, Rows)
    assert [row[:2] for row in table.rows] == [
        ("hard", "capacity below 80\xa0%"),
        ("", "capacity below 70\xa0%, or year 9"),
    ]
    assert "40\xa0% of the rated power" in table.rows[0][2]
    assert table.rows[1][2] == "storage at 50\xa0% SoC"
    assert [row[3:] for row in table.rows] == [("4", "4", "90.0\xa0%"), ("9", "-", "25.0\xa0%")]


def test_the_fan_is_marked_where_half_of_the_lives_have_changed(figures):
    base, hard = figures.strategies
    assert marks(base) == ()
    assert marks(hard) == (("half: change 1", 4.0),)
    line = fan_charts(figures, "soh_capacity")[1].lines[-1]
    assert (line.name, line.x.tolist()) == ("half: change 1", [4.0, 4.0])


def test_a_study_without_changes_has_no_table():
    plain = study_figures(result())
    assert not has_changes(plain)
    assert changes(plain) == ()
