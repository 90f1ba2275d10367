"""A year of a site has every column, loses rows, and comes again from its seed."""

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.site_log import SITE_COLUMNS
from battuta.world.foreign.site_year import SitePlan, site_year


def test_every_column_is_logged_within_its_range() -> None:
    log = site_year(SitePlan(seed=5, n_days=30))
    assert set(log.logged()) == set(SITE_COLUMNS)
    for name, values in log.logged().items():
        known = values[np.isfinite(values)]
        assert known.size, name
        assert SITE_COLUMNS[name].low <= known.min() <= known.max() <= SITE_COLUMNS[name].high, name
    assert 0.97 < log.n_times / (30 * 144) < 1.0


def test_the_same_seed_gives_the_same_bytes() -> None:
    first, again = (site_year(SitePlan(seed=5, n_days=3)) for _ in range(2))
    assert first.site_id == "SYNTHETIC-5"
    assert all(first.logged()[name].tobytes() == values.tobytes() for name, values in again.logged().items())


@pytest.mark.parametrize("more", [{"n_days": 0}, {"step_minutes": 7}, {"missing_share": 1.0}, {"n_strings": 0}])
def test_what_cannot_be_is_refused(more) -> None:
    with pytest.raises(InvalidQuantityError, match=next(iter(more))):
        SitePlan(seed=1, **more)
