"""The probability of a finding is what faults and allowed false alarms make of it."""

from battuta.domain.health import FindingLevel
from battuta.health.decision_settings import DRIFT_WINDOWS_DAYS, DecisionSettings


def test_rarer_faults_make_findings_less_likely() -> None:
    usual, rare = DecisionSettings(), DecisionSettings(faults_per_cell_year=1e-6)
    assert usual.probability(FindingLevel.ACT) == 1e-4 / (1e-4 + 1.1e-4)
    assert usual.probability(FindingLevel.WATCH) < usual.probability(FindingLevel.ACT)
    assert rare.probability(FindingLevel.ACT) < 0.01


def test_it_takes_more_to_act_than_to_watch() -> None:
    settings = DecisionSettings()
    steps = (settings.resistance_change, settings.resistance, settings.offset_change, settings.capacity_change)
    for each in (*settings.drift, *settings.drift_change, *steps, settings.unrest_change):
        assert each.watch < each.act
        assert each.effect < each.act_effect
        assert each.beyond_usual < each.act_beyond_usual
        assert 1 <= each.days <= each.act_days


def test_the_longer_one_looks_the_smaller_a_loss_is_told_and_against_its_own_past_a_cell_is_told_sooner() -> None:
    settings = DecisionSettings()
    assert len(settings.drift) == len(settings.drift_change) == len(DRIFT_WINDOWS_DAYS)
    for limits in (settings.drift, settings.drift_change):
        effects = [each.effect for each in limits]
        assert effects == sorted(effects, reverse=True)
        days = [each.days for each in limits]
        assert days == sorted(days)
        assert all(each.days <= window for each, window in zip(limits, DRIFT_WINDOWS_DAYS, strict=True))
    for change, stand in zip(settings.drift_change, settings.drift, strict=True):
        assert change.effect < stand.effect
