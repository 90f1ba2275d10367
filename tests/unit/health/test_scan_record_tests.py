"""The test that decided is worked out again, and says on its day what the finding says."""

from dataclasses import replace

import numpy as np
import pytest

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.time import NS_PER_DAY
from battuta.health.decision_settings import DecisionSettings
from battuta.health.scan_record_tests import BURN_IN_DAYS, StringHistory
from unit.health.recorded_lives import LEAKING, scanned

SETTINGS = DecisionSettings()
N_DAYS, N_CELLS, STEP_DAY, BAD = 60, 40, 45, 5


def history(*, resistance_ohm: float = 0.0, offset_v: float = 0.0) -> StringHistory:
    """Sixty days of forty cells, one of which steps."""
    rng = np.random.default_rng(4)
    scales = {"charge": 1e-3, "resistance_ohm": 1e-6, "offset_v": 1e-4, "capacity_share": 1e-3, "unrest_log": 0.1}
    values = {name: scale * rng.standard_normal((N_DAYS, N_CELLS)) for name, scale in scales.items()}
    values["resistance_ohm"][STEP_DAY:, BAD] += resistance_ohm
    values["offset_v"][STEP_DAY:, BAD] += offset_v
    doubt = np.tile(np.array([[1e-3], [1e-6], [1e-4], [1e-3]]), (1, N_DAYS))
    return StringHistory(days=np.arange(20_000, 20_000 + N_DAYS), values=values, doubt=doubt)


def finding(fault: FaultClass, *, day: int, cell: int | None = BAD, **evidence: float) -> Finding:
    found_ns = (20_000 + day + 1) * NS_PER_DAY
    return Finding(
        string_id="a", cell=cell, fault=fault, level=FindingLevel.WATCH, since_ns=found_ns - NS_PER_DAY,
        found_ns=found_ns, probability=0.5, evidence=evidence,
    )  # fmt: skip


def test_the_drawn_change_is_the_one_that_was_told() -> None:
    result = scanned().strings[1]
    assert result.record is not None
    assert set(result.record.tests) == set(range(len(result.findings)))
    for k, each in enumerate(result.findings):
        test = result.record.tests[k]
        at = test.days.tolist().index(each.found_ns // NS_PER_DAY - 1)
        assert each.cell == LEAKING
        assert test.name in each.evidence
        assert test.effect[at] == pytest.approx(each.evidence[test.name], rel=1e-3)
        assert test.effect[at] > test.watch[at]
        assert test.act[at] > test.watch[at] > test.high[at]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_an_offset_counts_either_way(sign: float) -> None:
    told = finding(FaultClass.VOLTAGE_SENSOR, day=STEP_DAY + 4, offset_v=0.01, window_days=4.0)
    test = history(offset_v=sign * 0.01).deciding(told, SETTINGS)
    assert test is not None
    assert test.against == "past"
    assert np.isnan(test.effect[: STEP_DAY - BURN_IN_DAYS - 28]).all()
    before, after = STEP_DAY - BURN_IN_DAYS - 1, STEP_DAY - BURN_IN_DAYS + 4
    assert test.effect[before] < test.watch[before]
    assert test.effect[after] == pytest.approx(0.01, rel=0.1)
    assert test.effect[after] > test.act[after] >= SETTINGS.offset_change.act_effect


def test_a_resistance_that_stands_apart_is_told_from_one_that_rose() -> None:
    lived = history(resistance_ohm=3e-4)
    stands = finding(FaultClass.RESISTANCE_RISE, day=STEP_DAY + 9, resistance_ohm=3e-4, window_days=7.0)
    rose = finding(FaultClass.RESISTANCE_RISE, day=STEP_DAY + 4, resistance_ohm=3e-4, window_days=4.0)
    one, other = lived.deciding(stands, SETTINGS), lived.deciding(rose, SETTINGS)
    assert one is not None
    assert other is not None
    assert (one.against, other.against) == ("string", "past")
    assert float(np.nanmin(one.watch)) >= SETTINGS.resistance.effect * 0.9
    assert one.effect[-1] == pytest.approx(3e-4, rel=0.05)


@pytest.mark.parametrize(
    "told",
    [
        finding(FaultClass.STUCK_VALUE, day=20),
        finding(FaultClass.COOLING, day=20, cell=None, rise_k=3.0, window_days=7.0),
        finding(FaultClass.MICRO_SHORT, day=20, cell=N_CELLS, charge_lost_per_day=0.01, window_days=8.0),
    ],
)
def test_what_was_not_kept_is_not_made_up(told: Finding) -> None:
    assert history().deciding(told, SETTINGS) is None


def test_a_record_shorter_than_the_burn_in_has_no_test() -> None:
    lived = history()
    short = replace(
        lived, days=lived.days[:8], values={k: v[:8] for k, v in lived.values.items()}, doubt=lived.doubt[:, :8]
    )
    told = finding(FaultClass.MICRO_SHORT, day=7, charge_lost_per_day=0.01, window_days=4.0)
    assert short.deciding(told, SETTINGS) is None
