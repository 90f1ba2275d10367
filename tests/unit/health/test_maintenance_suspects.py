"""Findings become modules; what no exchange mends is left out with its reason."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.health import FaultClass, FindingLevel
from battuta.health.maintenance_suspects import suspects_of
from unit.health.maintenance_cases import PLAIN, TODAY, finding


def test_cells_of_a_module_share_it() -> None:
    found = [finding(3, level=FindingLevel.ACT), finding(9), finding(10), finding(3, string="S2")]
    suspects = suspects_of(found, PLAIN, TODAY)
    assert {(each.string_id, each.module, len(each.findings)) for each in suspects.modules} == {
        ("S1", 0, 2), ("S1", 1, 1), ("S2", 0, 1)
    }  # fmt: skip
    assert [each.is_derated for each in suspects.modules if len(each.findings) == 2] == [True]
    two = next(row for row, each in enumerate(suspects.modules) if len(each.findings) == 2)
    assert suspects.risk.real[two] == pytest.approx(0.96)


def test_the_likeliest_to_fail_soon_comes_first() -> None:
    late, soon = finding(0, days=(200.0, 500.0, 900.0)), finding(50, days=(5.0, 9.0, 20.0), probability=0.7)
    assert [each.module for each in suspects_of([late, soon], PLAIN, TODAY).modules] == [5, 0]


def test_a_cell_counts_once_by_what_weighs_most() -> None:
    own = [finding(1, probability=0.3), finding(1, probability=0.9, fault=FaultClass.RESISTANCE_RISE)]
    suspects = suspects_of(own, PLAIN, TODAY)
    assert suspects.modules[0].findings == (own[1],)
    assert suspects.risk.real[0] == pytest.approx(0.9)


def test_others_are_left_out_with_a_reason() -> None:
    others = [finding(1, fault=FaultClass.VOLTAGE_SENSOR), finding(None), finding(2, days=None)]
    suspects = suspects_of(others, PLAIN, TODAY)
    assert suspects.modules == ()
    assert [each.partition(": ")[2][:12] for each in suspects.left_out] == [
        "another modu",
        "it names no ",
        "it does not ",
    ]
    assumed = suspects_of(others, replace(PLAIN, days_assumed=(20.0, 60.0, 180.0)), TODAY)
    assert [each.name for each in assumed.modules] == ["S1, module 0"]


def test_age_of_a_finding_brings_its_limit_nearer_and_makes_it_no_less_real() -> None:
    new, old = (suspects_of([finding(1, age_days=age)], PLAIN, TODAY).risk for age in (0.0, 60.0))
    assert new.real[0] == old.real[0] == pytest.approx(0.8)
    assert old.alive(10)[0] < new.alive(10)[0]


def test_slower_by_a_factor() -> None:
    slow = suspects_of([finding(1)], PLAIN, TODAY, days_factor=2.0).risk
    np.testing.assert_allclose(slow.alive(120), 0.6)


def test_a_finding_of_tomorrow_is_refused() -> None:
    with pytest.raises(DataError, match="5 days after the day of the plan"):
        suspects_of([finding(1, age_days=-5.0)], PLAIN, TODAY)
