"""A bad module is held back by itself, its site by its share, and what it weighs comes from what was measured."""

import math
from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import UsageError
from battuta.domain.health import Derating, FaultClass, FindingLevel
from battuta.domain.work_order import WorkOrder
from battuta.health.module_deratings import ModuleTerms, both, module_weights, site_derating

WINDOW = {"soc_min": 0.05, "soc_max": 0.95}
PLACE = {"site-0/module-0": (0, 0), "site-0/module-1": (0, 1), "site-1/module-0": (1, 0), "site-1/module-1": (1, 1)}


def left(**values) -> Derating:
    usual = {
        "string_id": "site-0/module-1", "power_share_max": 0.5, "soc_min": 0.15, "soc_max": 0.8,
        "temperature_c_max": 40.0, "reason": "leak",
    }  # fmt: skip
    return Derating(**(usual | values))


def order(string_id: str, **evidence: float) -> WorkOrder:
    return WorkOrder(
        order_id="a", string_id=string_id, cell=3, fault=FaultClass.CAPACITY_OUTLIER, level=FindingLevel.PLAN,
        since_ns=0, opened_ns=0, told_ns=0, due_ns=10, probability=0.5, evidence=evidence, days_to_limit=None,
        derating=None,
    )  # fmt: skip


def test_a_site_loses_the_share_of_its_module() -> None:
    told = site_derating("site-0", [None, left(), None, None], **WINDOW)
    assert told.power_share_max == 0.875
    assert (told.soc_min, told.soc_max) == pytest.approx((0.075, 0.9125))
    assert told.temperature_c_max == math.inf
    assert site_derating("site-0", [None, None], **WINDOW) is None


def test_a_module_that_may_carry_nothing_stops_its_site() -> None:
    assert site_derating("site-0", [None, left(power_share_max=0.0)], **WINDOW).power_share_max == 0.0


def test_what_is_left_as_a_whole_and_of_modules_holds_together() -> None:
    whole, modules = left(string_id="site-0", reason="cooling", soc_min=0.0), left(power_share_max=0.9, soc_max=0.7)
    told = both(whole, modules)
    assert (told.power_share_max, told.soc_min, told.soc_max, told.reason) == (0.5, 0.15, 0.7, "cooling; leak")
    assert both(None, modules) is modules
    assert both(None, None) is None


def test_terms_hold_what_is_left_of_each_module() -> None:
    terms = ModuleTerms.of([[None, left()], [left(soc_min=0.96, soc_max=0.97), None]], np.ones((2, 2)), **WINDOW)
    assert terms.power_share_max.tolist() == [[1.0, 0.5], [0.5, 1.0]]
    assert terms.soc_min.tolist() == [[0.05, 0.15], [0.95, 0.05]], "a window that lies beyond is its nearest point"
    assert terms.soc_max.tolist() == [[0.95, 0.8], [0.95, 0.95]]
    assert terms.temperature_c_max.tolist() == [[math.inf, 40.0], [40.0, math.inf]]
    with pytest.raises(UsageError, match="one value for each site and module"):
        ModuleTerms.of([[None, None]], np.ones((1, 3)), **WINDOW)


def test_weights_are_even_until_something_is_measured() -> None:
    assert np.ptp(module_weights([], PLACE, (2, 2), 4e-4)) == 0.0
    done = replace(order("site-1/module-1", capacity_share=-0.3), closed_ns=5, closed_by="J. Doe")
    orders = [
        done,
        order("site-0/module-1", capacity_share=-0.1, others_median=0.0),
        order("site-1/module-0", resistance_ohm=8e-4, others_median=4e-4),
        order("site-1", capacity_share=-0.5),
    ]
    weight = module_weights(orders, PLACE, (2, 2), 4e-4)
    sound = weight[0, 0]
    assert weight[1, 1] == sound
    assert weight[0, 1] / sound == pytest.approx(0.9**0.8 * (0.2 / 0.3) ** 0.2)
    assert weight[1, 0] / sound == pytest.approx(0.5**0.2)
