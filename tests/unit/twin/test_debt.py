"""A loan is as large as its coverage allows and is repaid to the last cent."""

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.finance_plan import DebtKind, DebtTerms
from battuta.numerics.sampling import generator
from battuta.twin.debt import carried_debt, debt_of_exceedance, debt_profile, repaid

SCULPTED = DebtTerms(interest_rate=0.07, tenor_years=18, dscr=1.3)
ANNUITY = DebtTerms(interest_rate=0.06, tenor_years=10, dscr=1.2, kind=DebtKind.ANNUITY)


def cfads(n_lives=40, n_years=25):
    rows = np.zeros((n_lives, n_years + 1))
    rows[:, 1:] = generator(5, "test.cfads").normal(100.0, 15.0, (n_lives, n_years))
    return rows


def test_a_sculpted_loan_has_the_same_coverage_every_year() -> None:
    flows = cfads()
    loan = repaid(carried_debt(flows, SCULPTED), debt_profile(flows, SCULPTED), 0.07)
    np.testing.assert_allclose(flows[:, 1:19] / loan.service[:, 1:19], 1.3, rtol=1e-12)
    np.testing.assert_allclose(loan.balance[:, 18:], 0.0, atol=1e-9)
    assert (loan.service[:, 19:] == 0.0).all()
    np.testing.assert_allclose(loan.principal.sum(axis=1), loan.debt, rtol=1e-12)


def test_an_annuity_pays_the_same_every_year_and_its_worst_year_is_covered() -> None:
    flows = cfads()
    loan = repaid(carried_debt(flows, ANNUITY), debt_profile(flows, ANNUITY), 0.06)
    np.testing.assert_allclose(np.diff(loan.service[:, 1:11], axis=1), 0.0, atol=1e-12)
    np.testing.assert_allclose((flows[:, 1:11] / loan.service[:, 1:11]).min(axis=1), 1.2, rtol=1e-12)
    np.testing.assert_allclose(loan.balance[:, 10], 0.0, atol=1e-9)


def test_a_known_annuity() -> None:
    # 1000 over 10 years at 6 %: 135.868 a year, as every table of annuities has it
    loan = repaid(np.array([1000.0]), debt_profile(cfads(1), ANNUITY), 0.06)
    assert loan.service[0, 1] == pytest.approx(135.86795822, rel=1e-9)


def test_a_year_of_losses_is_served_with_nothing_unless_asked() -> None:
    flows = np.array([[0.0, 100.0, -50.0, 100.0]])
    terms = DebtTerms(interest_rate=0.0, tenor_years=3, dscr=1.0)
    assert carried_debt(flows, terms)[0] == pytest.approx(200.0)
    as_sam = DebtTerms(interest_rate=0.0, tenor_years=3, dscr=1.0, allows_negative_service=True)
    assert carried_debt(flows, as_sam)[0] == pytest.approx(150.0)
    assert (debt_profile(flows, terms) >= 0.0).all()


def test_a_project_that_only_loses_borrows_nothing() -> None:
    flows = np.full((1, 26), -10.0)
    assert carried_debt(flows, SCULPTED)[0] == 0.0
    assert not debt_profile(flows, SCULPTED).any()


def test_quantiles_of_whole_lives_are_not_sums_of_yearly_quantiles() -> None:
    carried = carried_debt(cfads(4000), SCULPTED)
    joint = debt_of_exceedance(carried, 0.9)
    yearly = np.quantile(cfads(4000), 0.1, axis=0)[None, :]
    summed = carried_debt(yearly, SCULPTED)[0]
    assert summed < 0.9 * joint  # independent years: the sum of bad years is a life that hardly happens
    assert joint == pytest.approx(float(np.sort(carried)[400]), rel=1e-3)


def test_one_debt_for_all_lives_follows_their_mean() -> None:
    flows = cfads()
    terms = DebtTerms(interest_rate=0.07, tenor_years=18, dscr=1.3, exceedance=0.9)
    profile = debt_profile(flows, terms)
    assert (profile == profile[0]).all()
    np.testing.assert_allclose(profile[0, 1:19] / flows.mean(axis=0)[1:19], profile[0, 1] / flows[:, 1].mean())


def test_more_exceedance_is_less_debt() -> None:
    carried = carried_debt(cfads(), SCULPTED)
    assert debt_of_exceedance(carried, 0.99) < debt_of_exceedance(carried, 0.9) < debt_of_exceedance(carried, 0.5)


def test_too_few_years_are_refused() -> None:
    with pytest.raises(DataError, match="runs 18 years, the cash flows only 10"):
        debt_profile(cfads(1, 10), SCULPTED)


def test_equal_parts_of_principal_after_a_year_of_interest_only() -> None:
    # 900 at 10 %, one year of interest, then three parts of 300: 90 | 390, 360, 330
    terms = DebtTerms(interest_rate=0.1, tenor_years=4, dscr=0.0, kind=DebtKind.EQUAL_PRINCIPAL, interest_only_years=1)
    loan = repaid(np.array([900.0]), debt_profile(cfads(1, 6), terms), 0.1)
    np.testing.assert_allclose(loan.service, [[0.0, 90.0, 390.0, 360.0, 330.0, 0.0, 0.0]])
    np.testing.assert_allclose(loan.principal, [[0.0, 0.0, 300.0, 300.0, 300.0, 0.0, 0.0]], atol=1e-9)
    np.testing.assert_allclose(loan.balance, [[900.0, 900.0, 600.0, 300.0, 0.0, 0.0, 0.0]], atol=1e-9)


def test_an_annuity_after_two_years_of_interest_only() -> None:
    # 1000 at 6 %: 60, 60, then the annuity of ten years, 135.868
    terms = DebtTerms(interest_rate=0.06, tenor_years=12, dscr=0.0, kind=DebtKind.ANNUITY, interest_only_years=2)
    loan = repaid(np.array([1000.0]), debt_profile(cfads(1), terms), 0.06)
    np.testing.assert_allclose(loan.service[0, 1:13], [60.0, 60.0, *[135.86795822] * 10], rtol=1e-9)
    np.testing.assert_allclose(loan.balance[0, 12:], 0.0, atol=1e-9)


@pytest.mark.parametrize("interest_rate", [0.0, 0.06])
@pytest.mark.parametrize("kind", [DebtKind.ANNUITY, DebtKind.EQUAL_PRINCIPAL])
def test_a_loan_with_years_of_interest_only_is_as_large_as_its_worst_year_covers(kind, interest_rate) -> None:
    flows = cfads()
    terms = DebtTerms(interest_rate=interest_rate, tenor_years=9, dscr=1.25, kind=kind, interest_only_years=3)
    loan = repaid(carried_debt(flows, terms), debt_profile(flows, terms), interest_rate)
    served = loan.service[:, 1:10]
    covered = np.divide(flows[:, 1:10], served, out=np.full(served.shape, np.inf), where=served > 0.0)
    np.testing.assert_allclose(covered.min(axis=1), 1.25, rtol=1e-12)
    np.testing.assert_allclose(loan.balance[:, 9], 0.0, atol=1e-9)
