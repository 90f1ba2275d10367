"""The probability of a finding is what faults and allowed false alarms make of it."""

from battuta.domain.health import FindingLevel
from battuta.health.decision_settings import DecisionSettings


def test_rarer_faults_make_findings_less_likely() -> None:
    usual, rare = DecisionSettings(), DecisionSettings(faults_per_cell_year=1e-6)
    assert usual.probability(FindingLevel.ACT) == 1e-4 / (1e-4 + 7e-3)
    assert usual.probability(FindingLevel.WATCH) < usual.probability(FindingLevel.ACT)
    assert rare.probability(FindingLevel.ACT) < 2e-4


def test_it_takes_more_to_act_than_to_watch() -> None:
    settings = DecisionSettings()
    for each in (settings.drift, settings.drift_change, settings.resistance, settings.offset_change):
        assert each.watch < each.act
        assert each.effect < each.act_effect
