"""Members are run day by day at their gates, from fits that stand on fixed dates."""

from datetime import UTC, datetime, timedelta

import numpy as np

from battuta.domain.errors import StaleDataError
from battuta.domain.prices import History, PriceSeries
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.forecast.day_table import DayTable
from battuta.forecast.member import REFIT_DAYS, blocks, run_block

N_DAYS = 100
TABLE = DayTable(
    History(
        PriceSeries(
            time_ns=to_ns(datetime(2025, 11, 1, tzinfo=UTC)) + np.arange(N_DAYS * 24) * NS_PER_HOUR,
            price_per_mwh=np.arange(N_DAYS * 24.0),
            step=timedelta(hours=1),
            currency="EUR",
            zone="UTC",
        )
    )
)


class Noting:
    """Says yesterday's prices and notes what it was asked."""

    name = "noting"

    def __init__(self, n_days_min=0, fails_on=()):
        self.n_days_min, self.fails_on = n_days_min, fails_on
        self.calls = []

    def fit(self, known):
        self.calls.append(("fit", known.day))

    def update(self, known):
        self.calls.append(("update", known.day))

    def predict(self, known):
        self.calls.append(("predict", known.day))
        if known.day in self.fails_on:
            message = "nothing today"
            raise StaleDataError(message)
        return known.price_per_mwh[-1]


def test_blocks_begin_on_dates_of_their_own():
    whole = blocks(TABLE, 10, 90)
    assert [first for _, first, _ in whole][1:] == [stop for _, _, stop in whole][:-1]
    assert whole[0][1] == 10
    assert whole[-1][2] == 90
    anchors = {anchor for anchor, _, _ in whole}
    assert all(TABLE.dates[anchor].toordinal() % REFIT_DAYS == 0 for anchor in anchors if anchor)
    for day in range(10, 90):
        (single,) = blocks(TABLE, day, day + 1)
        assert single[0] in anchors


def test_a_member_is_fitted_once_and_then_learns_each_day():
    member = Noting()
    rows = run_block(TABLE, lambda: [member], 20, 22, 24)
    assert member.calls == [
        ("fit", 20),
        ("update", 21),
        ("update", 22),
        ("predict", 22),
        ("update", 23),
        ("predict", 23),
    ]
    assert [row.day for row in rows] == [22, 23]
    np.testing.assert_array_equal(rows[0].values["noting"], TABLE.prices_per_mwh(21, 22)[0])


def test_who_cannot_say_anything_is_absent():
    young = run_block(TABLE, lambda: [Noting(n_days_min=23)], 20, 22, 24)
    assert [sorted(row.values) for row in young] == [[], ["noting"]]
    failing = run_block(TABLE, lambda: [Noting(fails_on=(22,))], 20, 22, 24)
    assert [sorted(row.values) for row in failing] == [[], ["noting"]]
