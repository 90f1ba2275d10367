"""Lives that do not fit, have holes or discharge one MWh twice are refused."""

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.twin.warranty_lives import OTHER, warranty_lives

SOH = np.array([[1.0, 0.9, 0.8, 0.7]])
YEARS = np.array([[300.0, 300.0, 200.0]])


def test_only_the_term_is_kept():
    lives = warranty_lives(2, SOH, YEARS, YEARS, loss_by_cause=np.zeros((1, 4, 2)))
    assert lives.soh_capacity.tolist() == [[0.9, 0.8]]
    assert lives.full_cycles.tolist() == [[300.0, 300.0]]
    assert lives.year.tolist() == [1.0, 2.0]
    assert lives.loss_by_cause is not None
    assert lives.loss_by_cause.shape == (1, 2, 2)


def test_a_study_shorter_than_the_term_is_judged_as_far_as_it_goes():
    assert warranty_lives(20, SOH, YEARS, YEARS).year.size == 3


def test_what_no_service_claims_is_other():
    lives = warranty_lives(3, SOH, YEARS, YEARS, {"fcr": np.array([150.0, 300.0, 200.0])})
    assert lives.service_share["fcr"].tolist() == [[0.5, 1.0, 1.0]]
    assert lives.service_share[OTHER].tolist() == [[0.5, 0.0, 0.0]]
    assert set(warranty_lives(3, SOH, YEARS, YEARS, {"fcr": YEARS}).service_share) == {"fcr"}


def test_a_year_without_discharge_has_no_shares():
    nothing = np.zeros((1, 3))
    assert warranty_lives(3, SOH, YEARS, nothing, {"fcr": nothing}).service_share["fcr"].tolist() == [[0.0, 0.0, 0.0]]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"soh_capacity": SOH[:, 1:]}, r"soh_capacity has shape \(1, 3\), but the lives make it \(1, 4\)"),
        ({"full_cycles": np.zeros(3)}, r"full_cycles has shape \(3,\); it takes"),
        ({"full_cycles": np.zeros((0, 3))}, r"full_cycles has shape \(0, 3\); it takes"),
        ({"discharged_mwh": np.array([[1.0, np.nan, np.inf]])}, r"discharged_mwh has 2 .* the first at \(0, 1\)"),
        ({"full_cycles": np.array([[1.0, -2.0, 1.0]])}, r"full_cycles = -2 at \(0, 1\) is negative"),
        ({"charged_mwh": np.zeros((2, 3))}, r"charged_mwh has shape \(2, 3\)"),
        ({"availability": np.zeros((1, 2))}, r"availability has shape \(1, 2\)"),
        ({"loss_by_cause": np.zeros((1, 3, 2))}, r"loss_by_cause has shape \(1, 3, 2\)"),
        ({"services": {"fcr": np.zeros(5)}}, r"services\['fcr'\] has shape \(5,\)"),
        (
            {"services": {"fcr": YEARS, "peak": np.array([0.0, 50.0, 0.0])}},
            r"services discharge 350 MWh in life 0, year 2, but the battery only 300 MWh",
        ),
    ],
)
def test_lives_that_cannot_be_judged_are_refused(given, said):
    arguments = {"years": 3, "soh_capacity": SOH, "full_cycles": YEARS, "discharged_mwh": YEARS, **given}
    with pytest.raises(DataError, match=said):
        warranty_lives(**arguments)
