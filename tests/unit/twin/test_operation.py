"""Fixed costs grow with prices, savings stand for outlays, and the scrap is sold last."""

import numpy as np

from battuta.domain.finance_plan import FinancePlan, MajorMaintenance, ReserveTerms
from battuta.twin.operation import operation_of
from battuta.twin.yearly_flows import YearlyFlows

PLAN = FinancePlan(
    currency="EUR",
    n_years=3,
    installed_cost=1000.0,
    fixed_cost_per_year=10.0,
    fixed_cost_growth=0.01,
    insurance_share=0.01,
    property_tax_share=0.002,
    salvage_share=0.1,
    inflation=0.02,
    real_discount_rate=0.05,
    reserves=ReserveTerms(maintenance_years=2, maintenance=(MajorMaintenance(name="fans", cost=20.0, every_years=2),)),
)


def test_an_operation_by_hand() -> None:
    zero = np.zeros((1, 3))
    flows = YearlyFlows(
        revenue=zero + 200.0, charging_cost=zero + 50.0, variable_cost=zero, augmentation=zero, discharged_mwh=zero
    )
    operation = operation_of(PLAN, flows)
    np.testing.assert_allclose(operation.revenue, [[0.0, 200.0, 200.0, 300.0]])
    running = [50.0 + 10.0 * 1.03**y + 10.0 * 1.02**y + 2.0 for y in range(3)]
    np.testing.assert_allclose(operation.running_cost, [[0.0, *running]])
    np.testing.assert_allclose(operation.outlay, [[0.0, 0.0, 20.4, 0.0]])
    np.testing.assert_allclose(operation.funding, [[0.0, 10.2, 10.2, 0.0]])
    np.testing.assert_allclose(operation.saved, [[0.0, 10.2, 0.0, 0.0]])
    np.testing.assert_allclose(operation.cfads, operation.revenue - operation.running_cost - operation.funding)
