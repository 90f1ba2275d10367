"""The policy: a worse level never leaves more, and what is only to be looked at again leaves all."""

import pytest

from battuta.domain.health import FaultClass, FindingLevel
from battuta.health.derating_settings import DeratingSettings, Leave

POLICY = DeratingSettings()


@pytest.mark.parametrize("fault", FaultClass)
def test_a_worse_level_never_leaves_more(fault) -> None:
    assert POLICY.leave(fault, FindingLevel.WATCH) is None
    plan, act = (POLICY.leave(fault, level) or Leave() for level in (FindingLevel.PLAN, FindingLevel.ACT))
    assert act.power_share_max <= plan.power_share_max
    assert act.soc_max <= plan.soc_max
    assert act.soc_margin >= plan.soc_margin
    assert act.temperature_c_max <= plan.temperature_c_max


def test_a_level_without_an_entry_takes_the_one_below() -> None:
    only_plan = DeratingSettings(leaves={FaultClass.COOLING: {FindingLevel.PLAN: Leave(power_share_max=0.3)}})
    assert only_plan.leave(FaultClass.COOLING, FindingLevel.ACT) == Leave(power_share_max=0.3)
    assert only_plan.leave(FaultClass.MICRO_SHORT, FindingLevel.ACT) is None
