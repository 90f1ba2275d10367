"""Limits are ordered, and a graver finding is likelier to be right."""

from battuta.domain.health import FindingLevel
from battuta.health.site_checks_limits import SiteLimits


def test_what_asks_for_somebody_lies_beyond_what_asks_for_a_plan() -> None:
    limits = SiteLimits()
    assert limits.insulation_ohm_per_v_act < limits.insulation_ohm_per_v_plan
    assert limits.joint_rise_k_plan < limits.joint_rise_k_act
    for trend in (limits.insulation, limits.flow, limits.pressure, limits.level, limits.joint, limits.ups):
        assert 0.0 < trend.watch < trend.plan


def test_a_graver_finding_is_likelier_right_and_false_alarms_make_it_less_so() -> None:
    limits = SiteLimits()
    chances = [limits.probability(level) for level in FindingLevel]
    assert chances == sorted(chances)
    assert SiteLimits(false_per_site_year=1.0).probability(FindingLevel.ACT) < chances[0]
