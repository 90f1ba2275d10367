"""Strategies are found by the name that the command line spells."""

from dataclasses import replace

import pytest

from battuta.domain.errors import UsageError
from battuta.studies.strategies.registry import STRATEGIES, strategies_by_name


def test_names_are_looked_up_without_repeats():
    own = replace(STRATEGIES["idle"], name="own")
    assert [each.name for each in strategies_by_name(["idle", own, " persistence ", "idle"])] == [
        "idle",
        "own",
        "persistence",
    ]


def test_an_unknown_name_lists_those_that_are():
    with pytest.raises(UsageError, match=r"'guess' is not known; choose from idle, .*oracle_year"):
        strategies_by_name(["guess"])


@pytest.mark.parametrize("name", STRATEGIES)
def test_each_is_documented_under_its_own_name(name):
    strategy = STRATEGIES[name]
    assert strategy.name == name
    assert all((strategy.information, strategy.gate, strategy.formula))
