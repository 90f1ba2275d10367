import numpy as np
import pytest

from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_trading import trading_figures
from unit.studies.trading_case import result


def test_figures_are_those_of_the_flows():
    made = result()
    best, blind, rest = (trading_figures(made, each) for each in made.strategies)
    assert rest is None
    flows = made.strategies[0].flows
    assert best.margin_mean == pytest.approx((flows.revenue - flows.charging_cost).mean(axis=0))
    assert (best.captured, best.is_assumed) == (pytest.approx(0.88), True)
    assert not blind.is_assumed
    assert blind.captured < 1.0
    assert [each.year for each in best.history] == [2021, 2022]
    assert sum(each.drawn_share for each in best.history) == pytest.approx(1.0)
    for each in best.history:
        assert each.margin_planned == pytest.approx(0.88 * each.margin_planned_best)
        assert each.margin_planned / each.margin_planned_best == pytest.approx(each.capture)
        assert each.margin_metered < each.margin_planned - 0.5 * each.auxiliary_cost
        assert each.auxiliary_cost > 0.0
        assert each.purchase_per_mwh < each.mean_per_mwh < each.sale_per_mwh
    assert np.all(best.margin.low <= best.margin.high)
    assert -1.0 <= best.year_correlation <= 1.0


def test_parts_of_the_revenue_leave_nothing_for_response():
    each = study_figures(result()).strategies[0]
    assert each.money.revenue_parts["response"] == pytest.approx(0.0, abs=1e-6)
    assert "spread of prices, mean of the years" in each.money.drivers
