"""An ensemble is calibrated to check-ups and predicts ages and conditions that it has not seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import DataError, UsageError
from battuta.physics.ageing.ageing_law import ageing_law
from battuta.twin import calibration
from battuta.twin.calibration import CalendarCondition, Calibration, calibrated
from battuta.twin.calibration_form import resting_loss
from battuta.twin.published_products import published_products

DAYS = np.arange(20.0, 400.0, 40.0)
OVERHANG = np.eye(17)[9]
LAWS = (ageing_law("naumann_lfp"), ageing_law("lfp_250ah"))


def made(temperature_c: float, soc: float) -> CalendarCondition:
    """A condition of Naumann's law, a third faster (synthetic)."""
    loss = 1.3 * resting_loss(LAWS[0], temperature_c, soc, DAYS)
    return CalendarCondition(
        name=f"{temperature_c:g}/{soc:g}", temperature_c=temperature_c, soc=soc, days=DAYS, loss_share=loss
    )


@pytest.fixture(scope="module")
def found() -> Calibration:
    """Five conditions."""
    conditions = [made(25.0, 0.5), made(40.0, 0.5), made(40.0, 0.9), made(10.0, 0.5), made(40.0, 0.2)]
    return calibrated(conditions, LAWS, seed=3, n_draws=200)


def test_laws_weigh_by_their_evidence(found: Calibration) -> None:
    assert found.weight.sum() == pytest.approx(1.0)
    ratio = np.exp(found.log_evidence[0] - found.log_evidence[1])
    assert found.weight[0] / found.weight[1] == pytest.approx(ratio)


def test_a_condition_goes_on_where_its_data_end(found: Calibration) -> None:
    ages = np.array([DAYS[-1] + 1.0, 800.0])
    fan = found.predict(40.0, 0.5, ages, same_as="40/0.5")
    assert fan.median_loss_share[0] == pytest.approx(made(40.0, 0.5).loss_share[-1], abs=5e-4)
    assert fan.median_loss_share[1] == pytest.approx(1.3 * resting_loss(LAWS[0], 40.0, 0.5, ages)[1], rel=0.1)
    low, high = fan.interval()
    assert high[1] - low[1] > 2.0 * (high[0] - low[0])


def test_a_new_condition_is_predicted_with_a_wider_fan_and_another_product_with_the_widest(found: Calibration) -> None:
    ages = np.array([365.0])
    truth = 1.3 * resting_loss(LAWS[0], 30.0, 0.6, ages)
    new, other = (found.predict(30.0, 0.6, ages, is_other_product=each) for each in (False, True))
    low, high = new.interval()
    assert low[0] < truth[0] < high[0]
    assert new.median_loss_share == pytest.approx(truth, rel=0.15)
    assert np.subtract(*other.interval()[::-1])[0] > 1.5 * (high - low)[0]


def test_bad_questions_are_refused(found: Calibration) -> None:
    with pytest.raises(UsageError, match="no condition of the calibration is named 'x'; there are: 25/0"):
        found.predict(25.0, 0.5, DAYS, same_as="x")
    with pytest.raises(UsageError, match="no other product"):
        found.predict(25.0, 0.5, DAYS, same_as="25/0.5", is_other_product=True)
    with pytest.raises(UsageError, match="no published product is named 'x'; there are: sony"):
        calibrated([made(25.0, 0.5)], LAWS, seed=1, product="x")
    with pytest.raises(DataError, match="ascending"):
        found.predict(25.0, 0.5, DAYS[::-1])
    with pytest.raises(DataError, match="2 conditions"):
        calibrated([made(25.0, 0.5), made(25.0, 0.5)], LAWS, seed=1)


def test_the_fan_widens_by_a_walk_of_the_exponent_beyond_the_data_and_not_within(
    found: Calibration, monkeypatch: pytest.MonkeyPatch
) -> None:
    ages = np.array([200.0, 700.0, 1_400.0, 2_800.0])
    walked = found.predict(40.0, 0.5, ages, same_as="40/0.5")
    monkeypatch.setattr(calibration, "EXPONENT_STEP", 0.0)
    straight = found.predict(40.0, 0.5, ages, same_as="40/0.5")
    added = [walked.interval()[1] - walked.interval()[0], straight.interval()[1] - straight.interval()[0]]
    assert added[0][0] == pytest.approx(added[1][0])
    assert np.all(added[0][1:] > added[1][1:])
    spread = np.std(walked.loss_share - straight.loss_share, axis=0) / np.median(straight.loss_share, axis=0)
    since = np.maximum(np.log(ages / DAYS[-1])[:, None] - np.log(2.0) * np.arange(3), 0.0)
    np.testing.assert_allclose(spread, 0.08 * np.sqrt(np.square(since).sum(axis=1)), rtol=0.35, atol=1e-9)


def test_another_product_lies_among_the_published_ones_and_the_datas_own_counts_once(found: Calibration) -> None:
    ages = np.array([365.0])  # at 0.4 of charge the prior moves nothing into the overhang
    others = {each.name: each.loss_share(30.0, 0.4, ages)[0] for each in published_products()}

    def median(product: str | None) -> float:
        asked = replace(found, product=product)
        return float(asked.predict(30.0, 0.4, ages, is_other_product=True).median_loss_share[0])

    own = float(found.predict(30.0, 0.4, ages).median_loss_share[0])
    among = [own, *(loss for name, loss in others.items() if name != "sony_us26650")]
    assert median("sony_us26650") == pytest.approx(float(np.exp(np.mean(np.log(among)))), rel=0.2)
    assert median(None) > median("sony_us26650")


def test_another_products_overhang_is_not_that_of_the_data(found: Calibration) -> None:
    young = np.array([60.0])
    one, other = (
        replace(found, prior=replace(found.prior, mean=found.prior.mean + shift)) for shift in (0.0, OVERHANG)
    )
    fans = [each.predict(25.0, 0.95, young, is_other_product=True).median_loss_share[0] for each in (one, other)]
    assert fans[1] > fans[0] + 0.1
    same = [each.predict(25.0, 0.95, young).median_loss_share[0] for each in (one, other)]
    assert same[0] == same[1]
