"""How sure an answer is: against the same figures counted another way."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from battuta.twin.exceedance import debt_at, exceeded
from battuta.twin.one_law import at_lives
from battuta.twin.project_finance import project_finance
from battuta.twin.study_sensitivity import PROBABILITIES, exceedance_of, strategy_risk
from battuta.twin.study_sensitivity_cases import StudyCase
from tests.unit.twin.study_model_case import PLAN, model, trader


@cache
def risk():
    return strategy_risk(model(), 12.0)


def test_exceeded_figures_are_those_of_the_study():
    own = model()
    flows = own.flows_of(StudyCase())
    outcome = project_finance(PLAN, flows)
    found = risk().exceedance
    assert np.array_equal(found.npv, exceeded(outcome.npv, PROBABILITIES))
    assert np.array_equal(found.debt, debt_at(PLAN, flows, PROBABILITIES))
    assert np.array_equal(found.min_dscr, exceeded(outcome.min_dscr, PROBABILITIES))
    free = replace(PLAN, debt=None)
    alone = exceedance_of(free, flows, project_finance(free, flows))
    assert np.isnan(alone.debt).all()
    assert np.isnan(alone.min_dscr).all()
    assert np.isfinite(alone.irr).all()


def test_at_the_break_even_price_the_owner_gets_what_he_asks():
    own = model()
    for k, probability in enumerate((0.5, 0.9)):
        factor = risk().break_even_capacity_price_per_mw_h[k] / 12.0
        flows = own.flows_of(StudyCase(capacity_price_factor=float(factor)))
        worth = exceeded(project_finance(PLAN, flows).npv, (probability,))[0]
        assert abs(worth) < 1.0
    rests = strategy_risk(model(sold_kw=0.0), 12.0)
    assert np.isnan(rests.break_even_capacity_price_per_mw_h).all()


def test_bars_are_the_study_asked_again_widest_first():
    own = model()
    bars = {each.factor.name: each for each in risk().tornado_npv}
    swings = [each.swing for each in risk().tornado_npv]
    assert swings == sorted(swings, reverse=True)
    assert swings[-1] > 0.0
    for name, case in (("capacity price", "capacity_price_factor"), ("ageing rate", "ageing_factor")):
        flows = own.flows_of(StudyCase(**{case: bars[name].factor.low}))
        assert bars[name].at_low == pytest.approx(exceeded(project_finance(PLAN, flows).npv, (0.5,))[0])
    assert bars["installed_cost"].at_low > bars["installed_cost"].at_high
    assert bars["ageing rate"].at_low > bars["ageing rate"].at_high
    assert {each.factor.name for each in risk().tornado_irr} == set(bars)


def test_stress_finds_the_loan_as_it_was_taken():
    cases = {each.case.name: each for each in risk().stress}
    base = cases.pop("as studied")
    assert base.min_dscr_held == pytest.approx(risk().exceedance.min_dscr)
    for name, each in cases.items():
        assert np.all(each.min_dscr_held <= base.min_dscr_held), name
        assert np.all(each.exceedance.npv < base.exceedance.npv), name
    cheap = cases["prices 30 % lower"]
    assert cheap.min_dscr_held[0] < 0.7 * base.min_dscr_held[0] + 0.1
    assert cheap.credit_held.default > base.credit_held.default
    dear = cases["interest 2 points higher"]
    assert np.all(dear.min_dscr_held > 0.93 * base.min_dscr_held)
    assert risk().credit.default == base.credit_held.default


def test_a_lender_who_knew_the_model_would_lend_otherwise():
    worth = risk().debt_worth
    assert list(worth.by_law) == ["mild", "harsh"]
    assert worth.best_law == "mild"
    assert np.all(worth.by_law["mild"] >= worth.with_spread)
    # a hair more is possible: in some single year the lowest cash flow may be that of a mild life
    assert worth.by_law["harsh"][2] <= worth.with_spread[2] * (1 + 1e-3)
    assert np.array_equal(worth.gained, worth.by_law["mild"] - worth.with_spread)
    assert np.all(np.diff(worth.with_spread) <= 0.0)


def test_without_a_loan_there_is_no_lender():
    free = strategy_risk(model(plan=replace(PLAN, debt=None)), 12.0)
    assert free.debt_worth is None
    assert free.credit is None
    assert len(free.stress) == 5


def test_at_the_break_even_spread_the_owner_gets_what_he_asks():
    found = strategy_risk(trader(), 0.0)
    assert found.break_even_spread_factor[1] >= found.break_even_spread_factor[0] > 1.0
    for factor, probability in zip(found.break_even_spread_factor, (0.5, 0.9), strict=True):
        outcome = project_finance(PLAN, trader().flows_of(StudyCase(spread_factor=float(factor))))
        assert abs(exceeded(outcome.npv, (probability,))[0]) < 1.0
    assert "spread of prices" in {each.factor.name for each in found.tornado_npv}
    assert risk().break_even_spread_factor is None


def test_a_gain_that_the_draws_make_is_no_gain():
    assert risk().debt_worth.gained_error is None  # 40 lives are too few to say
    many = np.tile(np.arange(40), 6)
    one, own = model(), model().lived(1.0)
    wide = replace(one.years, **{
        name: getattr(one.years, name)[many]
        for name in ("capacity_price_per_mw_h", "energy_price_per_mwh", "availability")
    })  # fmt: skip
    lived = at_lives(own, many)
    worth = strategy_risk(replace(one, years=wide, lived=lambda _: lived), 12.0).debt_worth
    assert worth.gained_error.shape == (3,)
    assert np.all(worth.gained_error > 0.0)
    assert worth.is_beyond_chance[1]  # the harsh model ages twice as fast
    same = replace(worth, by_law={"mild": worth.with_spread + 0.5 * worth.gained_error})
    assert not same.is_beyond_chance.any()
