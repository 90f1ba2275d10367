"""Arms side by side: gains are paired by seed, and names that were not run are refused."""

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.health.ageing_arms import ARMS, Heterogeneity, StringDuty, string_life
from battuta.health.ageing_arms_cost import ArmCosts
from battuta.health.ageing_arms_table import arm_table

DUTY, UNEQUAL = StringDuty(step_days=30.0), Heterogeneity(rate_cv=0.1)
FEW = {name: ARMS[name] for name in ("passive", "active", "steered")}


@pytest.fixture(scope="module")
def table():
    return arm_table(UNEQUAL, DUTY, seeds=range(4, 9), arms=FEW)


def test_gains_are_of_the_same_modules(table) -> None:
    pairs = np.array(
        [[string_life(ARMS[name], UNEQUAL, DUTY, seed=seed).life_years for seed in range(4, 9)] for name in FEW]
    )
    more = pairs[1] / pairs[0] - 1.0
    gain = table.gain("active")
    assert gain.mean == pytest.approx(more.mean())
    assert (gain.low, gain.high) == pytest.approx(tuple(np.quantile(more, (0.1, 0.9))))
    assert gain.error == pytest.approx(more.std(ddof=1) / 5**0.5)
    assert table.gain("steered", "active").mean == pytest.approx((pairs[2] / pairs[1] - 1.0).mean())
    assert table.gain("passive").mean == 0.0


def test_prices_and_spreads_are_means_over_seeds(table) -> None:
    costs = ArmCosts()
    prices = [costs.price_per_kwh(each, ARMS["active"], DUTY, n_modules=24) for each in table.lives["active"]]
    assert table.price_per_kwh("active", costs) == pytest.approx(np.mean(prices))
    assert 0.0 < table.spread("steered") <= table.spread("active") * 1.2


def test_one_seed_has_no_error_and_an_unknown_arm_is_refused() -> None:
    one = arm_table(UNEQUAL, DUTY, seeds=[1], arms=FEW)
    assert np.isnan(one.gain("active").error)
    with pytest.raises(UsageError, match="no arm named 'swap' was run"):
        one.gain("swap")
