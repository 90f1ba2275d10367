"""What follows from failures and incidents."""

from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_losses_words import about_losses
from battuta.interfaces.reports.twin_verdict import recommendations
from unit.interfaces.reports.losses_case import whole, with_losses
from unit.interfaces.reports.twin_case import result
from unit.twin.insurance_case import VENT, failure, policy


def test_what_is_material_is_said():
    failures, premium, distance = about_losses(whole())
    assert "converter alone" in failures
    assert "the premium is too low" in premium
    assert "10.0\u00a0m apart instead of 4.0\u00a0m" in distance
    assert set(about_losses(whole())) < set(recommendations(whole()))


def test_what_is_not_is_not():
    assert about_losses(study_figures(result())) == []
    rare = with_losses(failures=(failure(rate_per_year=0.01),))
    assert about_losses(study_figures(rare)) == []
    dear = policy(incident=(VENT,), spacing_m_compared=(), premium_per_year=1e6, value_per_container=1e5)
    assert about_losses(study_figures(with_losses(insurance=dear))) == []
    bare = policy(incident=(VENT,), propagation=(), spacing_m=None, spacing_m_compared=())
    assert about_losses(study_figures(with_losses(insurance=bare))) == []


def test_a_day_that_is_insured_for_less_than_it_earns_is_said():
    made = with_losses(insurance=policy(interruption_per_day=1.0))
    said = [each for each in about_losses(study_figures(made)) if "insured for" in each]
    assert len(said) == 1
    assert " by hard, mean" in said[0]
    assert not [each for each in about_losses(whole()) if "insured for" in each]
