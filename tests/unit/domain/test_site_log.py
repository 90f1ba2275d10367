"""A site's log has columns of one length, or says which has another; what is not logged is None."""

from dataclasses import fields

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.site_log import SITE_COLUMNS, SiteLog

TIME_NS = np.arange(4, dtype=np.int64) * 60_000_000_000


def test_what_is_logged_is_told_apart_from_what_is_not() -> None:
    log = SiteLog(site_id="A", time_ns=TIME_NS, insulation_ohm=np.full(4, 1e6), water=np.zeros((4, 2)))
    assert set(log.logged()) == {"insulation_ohm", "water"}
    assert log.coolant_level is None
    cut = log.rows(slice(1, 3))
    assert cut.n_times == 2
    assert cut.logged()["water"].shape == (2, 2)


def test_every_column_has_a_unit_and_a_range() -> None:
    assert {each.name for each in fields(SiteLog)} == {"site_id", "time_ns", *SITE_COLUMNS}
    assert all(each.low < each.high for each in SITE_COLUMNS.values())


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"humidity": np.zeros(3)}, r"humidity has shape \(3,\)"),
        ({"humidity": np.zeros((4, 1))}, r"\(4,\) is needed"),
        ({"joint_c": np.zeros(4)}, r"\(4, n\) is needed"),
        ({"time_ns": TIME_NS[::-1].copy()}, "does not ascend at 1970-01-01T00:02"),
    ],
)
def test_what_does_not_fit_is_refused(columns, words) -> None:
    with pytest.raises(DataError, match=words):
        SiteLog(**{"site_id": "A", "time_ns": TIME_NS, **columns})
