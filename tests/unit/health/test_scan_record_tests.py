"""The tests of a string are kept as they were made, and drawn for the cell of which something was told."""

import numpy as np
import pytest

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.time import NS_PER_DAY
from battuta.health.scan_record_tests import VerdictRecord
from battuta.health.verdicts import Verdict
from unit.health.recorded_lives import LEAKING, scanned

N_CELLS = 40


def verdict(effect: np.ndarray, **changes: object) -> Verdict:
    nothing = np.zeros(effect.size)
    given: dict[str, object] = {
        "fault": FaultClass.VOLTAGE_SENSOR, "share": nothing, "act_share": nothing, "stirs": nothing,
        "caution": np.ones(effect.size), "effect": effect,
        "beyond": effect - np.median(effect), "score": nothing, "limit": 0.003, "act_limit": 0.005,
        "name": "offset_v", "days": 4,
    }  # fmt: skip
    return Verdict(**{**given, **changes})


def finding(fault: FaultClass, *, cell: int | None = 5, **evidence: float) -> Finding:
    return Finding(
        string_id="a", cell=cell, fault=fault, level=FindingLevel.WATCH, since_ns=0, found_ns=NS_PER_DAY,
        probability=0.5, evidence=evidence,
    )  # fmt: skip


def test_the_drawn_change_is_the_one_that_was_told() -> None:
    result = scanned().strings[1]
    assert result.record is not None
    assert result.findings
    assert set(result.record.tests) == set(range(len(result.findings)))
    for k, each in enumerate(result.findings):
        test = result.record.tests[k]
        at = test.days.tolist().index(each.found_ns // NS_PER_DAY - 1)
        assert each.cell == LEAKING
        assert test.name in each.evidence
        assert test.effect[at] == pytest.approx(each.evidence[test.name], rel=1e-6)
        assert test.watch[at] == pytest.approx(each.evidence["others_median"] + each.evidence["watch_from"], rel=1e-6)
        assert test.effect[at] > test.watch[at]
        assert test.act[at] > test.watch[at]


def test_limits_lie_beyond_the_middle_of_the_cells() -> None:
    record, effect = VerdictRecord(), np.linspace(0.0, 0.01, N_CELLS)
    record.take(100, [verdict(effect)])
    record.take(102, [verdict(2.0 * effect, limit=0.004)])
    test = record.deciding(finding(FaultClass.VOLTAGE_SENSOR, score=9.0, offset_v=0.002, window_days=4.0))
    assert test is not None
    assert (test.name, test.window_days, test.against) == ("offset_v", 4, "past")
    np.testing.assert_array_equal(test.days, [100, 102])
    np.testing.assert_allclose(test.effect, [effect[5], 2.0 * effect[5]], rtol=1e-6)
    np.testing.assert_allclose(test.watch, [0.005 + 0.003, 0.01 + 0.004])
    np.testing.assert_allclose(test.act, [0.005 + 0.005, 0.01 + 0.005])
    np.testing.assert_allclose(test.low, [0.0005, 0.001])
    np.testing.assert_allclose(test.high, [0.0095, 0.019])


def test_more_is_asked_of_a_cell_whose_voltages_are_badly_explained() -> None:
    record, effect = VerdictRecord(), np.zeros(N_CELLS)
    caution = np.where(np.arange(N_CELLS) == 5, 2.0, 1.0)
    record.take(100, [verdict(effect, caution=caution)])
    told = {"offset_v": 0.002, "window_days": 4.0}
    careful, plain = (record.deciding(finding(FaultClass.VOLTAGE_SENSOR, cell=cell, **told)) for cell in (5, 6))
    assert careful is not None
    assert plain is not None
    assert (careful.watch[0], careful.act[0]) == (0.006, 0.01)
    assert (plain.watch[0], plain.act[0]) == (0.003, 0.005)


def test_tests_of_one_name_over_other_days_or_of_another_class_are_kept_apart() -> None:
    record, effect = VerdictRecord(), np.zeros(N_CELLS)
    lost = {"fault": FaultClass.MICRO_SHORT, "name": "charge_lost_per_day"}
    record.take(100, [verdict(effect + 1.0, days=8, **lost), verdict(effect + 2.0, days=16, **lost)])
    test = record.deciding(finding(FaultClass.MICRO_SHORT, charge_lost_per_day=2.0, window_days=16.0))
    assert test is not None
    assert (test.effect.tolist(), test.against) == ([2.0], "string")
    assert record.deciding(finding(FaultClass.LOOSE_CONTACT, charge_lost_per_day=2.0, window_days=16.0)) is None


@pytest.mark.parametrize(
    "told",
    [
        finding(FaultClass.STUCK_VALUE),
        finding(FaultClass.COOLING, cell=None, rise_k=3.0, window_days=7.0),
        finding(FaultClass.VOLTAGE_SENSOR, cell=N_CELLS, offset_v=0.01, window_days=4.0),
        finding(FaultClass.VOLTAGE_SENSOR, offset_v=0.01, window_days=8.0),
    ],
)
def test_what_was_not_kept_is_not_made_up(told: Finding) -> None:
    record = VerdictRecord()
    record.take(100, [verdict(np.zeros(N_CELLS))])
    assert record.deciding(told) is None


def test_a_cell_that_came_later_is_missing_before() -> None:
    record = VerdictRecord()
    record.take(100, [verdict(np.zeros(3))])
    record.take(101, [verdict(np.ones(6))])
    test = record.deciding(finding(FaultClass.VOLTAGE_SENSOR, offset_v=0.01, window_days=4.0))
    assert test is not None
    np.testing.assert_array_equal(test.effect, [np.nan, 1.0])
