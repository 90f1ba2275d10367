"""The card says what the parts are, with the numbers that the code has."""

from battuta.forecast import boosted_trees, kernel_regression, lear
from battuta.forecast.model_card import HISTORY_DAYS_MIN, model_card
from battuta.forecast.price_model import PriceModel
from battuta.studies import forecast_evaluation


def test_every_family_has_a_card():
    members = dict.fromkeys(member.name.split("_")[0] for member in PriceModel().members())
    assert [each.name for each in model_card().families] == list(members)


def test_families_that_were_not_asked_are_left_out():
    card = model_card(("trees", "my_own"))
    assert [each.name for each in card.families] == ["trees"]
    assert card.references()[0] == card.families[0].references[0]
    assert not any("Rasmussen" in each for each in card.references())


def test_references_stand_once():
    references = model_card().references()
    assert len(references) == len(set(references))
    for name in ("Lago", "Rasmussen", "Ke et al.", "Uniejewski"):
        assert any(name in each for each in references)


def test_numbers_are_those_of_the_code():
    card = model_card()
    words = {each.name: each.what for each in card.families}
    for days in lear.WINDOWS_DAYS:
        assert f"{days:,}" in words["lear"]
    for days in lear.BENT_WINDOWS_DAYS:
        assert f"{days:,}" in words["bent"]
    assert f"{kernel_regression.WINDOW_DAYS:,}" in words["kernel"]
    assert f"{boosted_trees.WINDOW_DAYS:,}" in words["trees"]
    assert f"trees at {boosted_trees.DAYS_MIN}" in card.limits[0]
    assert HISTORY_DAYS_MIN == forecast_evaluation.HISTORY_DAYS_MIN


def test_what_it_was_tuned_on_ends_before_the_published_tests():
    (settings, _) = model_card().tuned_on
    assert "without its last 728 days" in settings
    assert "before 2019" in settings
