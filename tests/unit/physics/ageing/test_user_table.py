"""Tables of one name add up; the spread of a curve is one draw; names that ship are refused."""

import numpy as np
import pytest

from battuta.domain.ageing_table import AgeingTable
from battuta.domain.errors import UsageError
from battuta.physics.ageing.ageing_law import ageing_law
from battuta.physics.ageing.borrowed_resistance import with_resistance
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.rate_prior import rate_prior
from battuta.physics.ageing.user_table import user_tables

SHELF = AgeingTable(
    name="maker",
    years=(5.0, 10.0, 5.0, 10.0),
    soh_capacity=(0.95, 0.93, 0.9, 0.86),
    temperature_c=(20.0, 20.0, 40.0, 40.0),
    rate_deviation_share=0.1,
)
WORK = AgeingTable(
    name="maker",
    full_cycles=(3000.0, 6000.0, 3000.0, 6000.0),
    soh_capacity=(0.95, 0.9, 0.9, 0.8),
    depth=(0.2, 0.2, 1.0, 1.0),
    rate_deviation_share=0.1,
)
soc = np.concatenate((np.linspace(0.9, 0.1, 13)[1:], np.linspace(0.1, 0.9, 13)[1:]))
DAY = duty_days(soc, np.full(24, 25.0), np.repeat([0.8 / 12, -0.8 / 12], 12), 3600.0)


def test_time_and_cycles_of_one_name_add_up():
    both, shelf, work = user_tables([SHELF, WORK])["maker"], user_tables([SHELF])["maker"], user_tables([WORK])["maker"]
    assert both.stresses(DAY).tolist() == np.concatenate((shelf.stresses(DAY), work.stresses(DAY)), axis=1).tolist()
    assert [each.slot for each in both.terms] == list(range(both.n_slots))
    assert {each.cause for each in both.terms} == {"calendar", "cycle"}
    sides = [each.name for each in both.card.validity]
    assert sorted(sides) == ["depth", "duration_days", "full_cycles", "temperature_c"]
    assert not any("it knows no ageing by" in each for each in both.card.limits)
    assert "what time takes: it knows no depth" not in both.card.limits
    assert "what cycles take: it knows no temperature" in both.card.limits


def test_optimisers_need_both_causes():
    assert user_tables([SHELF, WORK])["maker"].is_for_optimiser
    assert not user_tables([WORK])["maker"].is_for_optimiser
    plain = AgeingTable(name="plain", years=(5.0, 10.0), soh_capacity=(0.9, 0.8))
    assert not user_tables([plain])["plain"].is_for_optimiser


def test_the_spread_of_a_curve_is_one_draw_and_the_lent_resistance_has_its_own():
    own = rate_prior(user_tables([SHELF, WORK])["maker"])
    assert set(own.log_sd.tolist()) == {0.1}
    assert set(own.draws.tolist()) == {0}
    lent = rate_prior(with_resistance(user_tables([SHELF, WORK])["maker"], ageing_law("naumann_lfp")))
    assert lent.draws.tolist() == [0] * len(own.term) + [len(own.term), len(own.term) + 1]
    assert all(own.is_assumed)


def test_a_plain_table_keeps_its_name_and_says_where_it_is_wrong():
    law = user_tables([AgeingTable(name="plain", years=(5.0, 10.0), soh_capacity=(0.9, 0.8), family="mine")])["plain"]
    assert (law.name, law.card.name, law.card.family) == ("plain", "plain", "mine")
    assert "given by the user, not verified" in law.card.fitted_on


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ([AgeingTable(name="naumann_lfp", years=(5.0,), soh_capacity=(0.9,))], "name of a model that ships"),
        ([AgeingTable(name="maker", path="points.csv")], "points.csv, which was not read"),
        ([AgeingTable(name="maker", is_warranty=True)], "the warranty, which was not read"),
        ([WORK, WORK], "given 2 times, and they do not add up"),
        ([SHELF, WORK, SHELF], "given 3 times"),
        ([SHELF, AgeingTable(name="maker", full_cycles=(9.0,), soh_capacity=(0.9,))], "rate_deviation_share differs"),
    ],
)
def test_what_does_not_fit_is_refused(tables, says):
    with pytest.raises(UsageError, match=says):
        user_tables(tables)
