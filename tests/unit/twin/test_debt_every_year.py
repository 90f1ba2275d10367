"""One loan for all lives is covered in every year by the share of them that is asked."""

from itertools import combinations

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.finance_plan import DebtKind, DebtTerms
from battuta.numerics.sampling import generator
from battuta.twin.debt_every_year import every_year_service
from battuta.twin.exceedance import exceeded
from battuta.twin.returns import discount_factors

TERMS = DebtTerms(interest_rate=0.055, tenor_years=12, dscr=1.35)
ANNUITY = DebtTerms(interest_rate=0.055, tenor_years=12, dscr=1.35, kind=DebtKind.ANNUITY)


def cfads(seed, n_lives=200, n_years=15):
    """Lives that differ in level and by chance in years, some of which lose money."""
    draw = generator(seed, "test.cfads")
    rows = np.zeros((n_lives, n_years + 1))
    level = draw.lognormal(0.0, 0.15, (n_lives, 1)) * draw.lognormal(0.0, 0.3, (n_lives, n_years))
    rows[:, 1:] = 170.0 * level * 0.98 ** np.arange(n_years) - 70.0
    return rows


def debt_of(service):
    return float(service @ discount_factors(0.055, service.size))


def share_that_covers(flows, service, dscr=1.35):
    due = service > 0.0
    return np.mean((flows[:, due] / service[due] >= dscr).all(axis=1))


@pytest.mark.parametrize("terms", [TERMS, ANNUITY], ids=["sculpted", "annuity"])
@pytest.mark.parametrize("exceedance", [0.0, 0.5, 0.75, 0.9, 0.99, 1.0])
def test_the_share_of_lives_that_cover_every_year_is_what_was_asked(terms, exceedance) -> None:
    for seed in range(20):
        flows = cfads(seed, n_lives=50 + 13 * seed)
        service = every_year_service(flows, terms, exceedance)
        if service.any():
            assert exceedance <= share_that_covers(flows, service) + 1e-12
            assert exceeded((flows[:, service > 0.0] / service[service > 0.0]).min(axis=1), (exceedance,))[0] >= 1.35
        if terms is ANNUITY and service.any():  # of the sculpted it may be more: one cash flow can hold several lives
            assert share_that_covers(flows, service) < exceedance + 2.0 / len(flows)


def test_no_other_profile_through_a_quantile_or_the_mean_lends_more() -> None:
    flows = cfads(3)
    found = debt_of(every_year_service(flows, TERMS, 0.9))
    for path in (flows.mean(axis=0), *np.quantile(flows, [0.02, 0.1, 0.5], axis=0), np.ones(16)):
        paid = np.where((np.arange(16) > 0) & (np.arange(16) < 13), path, 0.0)
        worst = np.sort((flows[:, 1:13] / paid[1:13]).min(axis=1))[19]
        assert debt_of(max(worst, 0.0) * paid / 1.35) <= found * (1.0 + 1e-9)


def test_it_is_near_the_best_choice_of_lives_that_there_is() -> None:
    reached = []
    for seed in range(10):
        flows = np.maximum(cfads(seed, n_lives=12), 1.0)
        best = max(
            debt_of(np.append(0.0, flows[list(kept), 1:13].min(axis=0) / 1.35)) for kept in combinations(range(12), 10)
        )
        reached.append(debt_of(every_year_service(flows, TERMS, 0.75)) / best)
    assert max(reached) <= 1.0
    assert min(reached) > 0.9
    assert np.mean(reached) > 0.97


def test_more_lives_carry_less() -> None:
    flows = cfads(4)
    carried = [debt_of(every_year_service(flows, TERMS, each)) for each in (0.0, 0.5, 0.75, 0.9, 0.99, 1.0)]
    assert (np.diff(carried) < 0.0).all()


def test_lives_that_are_alike_but_in_level_carry_the_quantile_life() -> None:
    path = np.array([0.0, 130.0, 120.0, 110.0])
    flows = np.linspace(0.5, 1.5, 11)[:, None] * path
    terms = DebtTerms(interest_rate=0.055, tenor_years=3, dscr=1.3)
    np.testing.assert_allclose(every_year_service(flows, terms, 0.9), 0.6 * path / 1.3)  # ten of eleven
    np.testing.assert_allclose(every_year_service(flows, terms, 1.0), 0.5 * path / 1.3)


def test_a_year_that_all_lose_is_served_with_nothing() -> None:
    flows = cfads(5)
    flows[:, 6] = -50.0
    service = every_year_service(flows, TERMS, 0.5)
    assert service[6] == 0.0
    assert service[5] > 0.0
    assert not every_year_service(-np.abs(flows), TERMS, 0.9).any()


def test_too_few_years_are_refused() -> None:
    with pytest.raises(DataError, match="runs 12 years, the cash flows only 10"):
        every_year_service(cfads(1, n_years=10), TERMS, 0.9)
