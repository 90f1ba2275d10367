"""Policies: what contradicts itself, or would have to be guessed, is refused."""

from dataclasses import replace

import pytest

from battuta.domain.errors import BattutaError, DataError, InvalidQuantityError, UsageError
from battuta.domain.insurance import Incident, Layout, Propagation
from unit.twin.insurance_case import FIRE, FLOOD, TABLE, VENT, policy


def test_propagation_is_straight_between_what_is_stated_and_not_guessed_beyond():
    asked = policy()
    assert [asked.propagation_probability(each) for each in (0.0, 2.0, 4.0, 7.0, 10.0)] == pytest.approx(
        [0.8, 0.5, 0.2, 0.1, 0.0]
    )
    with pytest.raises(InvalidQuantityError, match="spacing_m = 12"):
        policy(spacing_m_compared=(12.0,))
    with pytest.raises(InvalidQuantityError, match="spacing_m = 11"):
        policy(incident=(VENT,), spacing_m=11.0, spacing_m_compared=())


def test_distances_stand_once_with_the_one_as_built_first():
    assert policy(spacing_m_compared=(1.0, 4.0, 6.0)).spacings_m == (4.0, 1.0, 6.0)
    assert policy(incident=(VENT,), spacing_m=None, spacing_m_compared=()).spacings_m == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"incident": ()}, "names no incident"),
        ({"incident": (VENT, VENT)}, "cell vents"),
        ({"spacing_m": None}, "state spacing_m"),
        ({"propagation": ()}, r"insurance.propagation"),
        ({"propagation": (TABLE[1], TABLE[0])}, "distances rise"),
        ({"propagation": (TABLE[1], Propagation(spacing_m=9.0, probability=0.3))}, "probabilities do not"),
        ({"interruption_per_day": 0.0}, "interruption_per_day"),
        ({"incident": (VENT,)}, "distances change nothing"),
        ({"rows": 2}, 'layout = "grid"'),
        ({"deductible": -1.0}, "deductible"),
    ],
)
def test_what_contradicts_itself_is_refused(changes, words):
    with pytest.raises(BattutaError, match=words):
        policy(**changes)


def test_an_incident_begins_in_a_container_or_strikes_all():
    with pytest.raises(DataError, match="state rate_per_container_year"):
        Incident(name="a", destroyed_share=1.0)
    with pytest.raises(DataError, match="leave it out"):
        replace(FLOOD, propagates=True)
    with pytest.raises(InvalidQuantityError, match="destroyed_share"):
        replace(VENT, destroyed_share=1.5)
    with pytest.raises(UsageError, match="no name"):
        replace(VENT, name="")
    assert FIRE.rate_per_year(4) == pytest.approx(0.008)
    assert FLOOD.rate_per_year(4) == pytest.approx(0.003)


def test_what_has_no_source_is_named():
    assert policy().assumed == ("cell vents", "container burns", "propagation between containers")
    assert policy(propagation_source="a test of four containers").assumed == ("cell vents", "container burns")
    assert policy(layout=Layout.GRID, rows=2).rows == 2
