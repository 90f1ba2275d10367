"""The diagnosis keeps a day of all sites, judges it when the next begins, and says what a scan of its rows says."""

import numpy as np

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_DAY
from battuta.health.string_scan import StringScan
from battuta.physics.cell_parameters import cell_parameters
from battuta.services.diagnosis import Diagnosis
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

PARAMETERS = cell_parameters("lfp_314ah")
LEAK = ForeignFault(kind=ForeignFaultKind.LEAK, string=0, cell=7, start_day=25, size=20.0)
PLAN = FleetPlan(seed=6, n_strings=1, n_cells=48, faults=(LEAK,), has_events=False, logs_bleed=False)


def test_a_leak_is_found_live_as_by_a_scan_of_what_was_kept():
    life = StringLife(PLAN, 0)
    watch, scan = Diagnosis(PARAMETERS, 1, 48, life.block(1).temperature_c.shape[1]), None
    told = []
    for _ in range(44):
        block = life.block(1)
        for t in range(block.n_times):
            told += watch.take(
                int(block.time_ns[t]),
                block.voltage_v[t][None],
                block.current_a[t : t + 1],
                block.temperature_c[t][None],
            )
        kept = Block(
            string_id="site-0", time_ns=block.time_ns, current_a=block.current_a.astype(np.float32).astype(float),
            voltage_v=np.rint(block.voltage_v * 1000.0) * 0.001,
            temperature_c=block.temperature_c.astype(np.float32).astype(float),
        )  # fmt: skip
        scan = scan or StringScan(PARAMETERS, "site-0", 48)
        scan.take(kept)
    told += watch.judge()
    assert scan is not None
    scan.close()
    assert {(each.string_id, each.cell, each.fault.value) for each in told} == {("site-0", 7, "micro_short")}
    assert watch.findings == told
    np.testing.assert_array_equal(watch._scans[0].filter.state.states, scan.filter.state.states)


def test_rows_are_due_once_a_step_and_missing_values_stay_missing():
    watch = Diagnosis(PARAMETERS, 2, 8, 1, step_s=300)
    assert watch.is_due(0)
    voltage_v = np.full((2, 8), 3.3)
    voltage_v[1, 3] = np.nan
    assert watch.take(NS_PER_DAY, voltage_v, np.array([10.0, -5.0]), np.full((2, 1), np.nan)) == []
    assert not watch.is_due(NS_PER_DAY + 299_000_000_000)
    assert watch.is_due(NS_PER_DAY + 300_000_000_000)
    assert watch._millivolts[1, 0].tolist() == [3300, 3300, 3300, 0, 3300, 3300, 3300, 3300]
    assert watch.judge() == []


class Told:
    """A detector that remembers what it heard, and tells one thing in its second hour."""

    def __init__(self, site: int) -> None:
        self.site, self.blocks = site, []

    def take(self, block: Block) -> list[Finding]:
        self.blocks.append(block)
        return [FINDING] if self.site == 1 and len(self.blocks) >= 2 else []


FINDING = Finding(
    string_id="site-1", cell=3, fault=FaultClass.STUCK_VALUE, level=FindingLevel.ACT, since_ns=0, found_ns=1,
    probability=1.0,
)  # fmt: skip


def test_quick_detectors_hear_each_hour_once_and_what_they_tell_is_new_at_once():
    quick = [Told(0), Told(1)]
    watch = Diagnosis(PARAMETERS, 2, 8, 1, step_s=600, quick=quick)
    told = {}
    for row in range(13):
        voltage_v = np.full((2, 8), 3.3 + 0.001 * row)
        found = watch.take(NS_PER_DAY + row * 600 * 10**9, voltage_v, np.array([1.0, 2.0]), np.full((2, 1), 25.0))
        if found:
            told[row] = found
    assert told == {12: [FINDING]}
    assert watch.findings == [FINDING]
    assert [each.n_times for each in quick[0].blocks] == [6, 6]
    np.testing.assert_array_equal(np.concatenate([each.current_a for each in quick[1].blocks]), np.full(12, 2.0))
    assert watch.judge() == [FINDING], "told again, for those who act on it"
    assert watch.findings == [FINDING], "and kept once"
    assert [each.n_times for each in quick[0].blocks] == [6, 6, 1], "the end of a day is heard, too"
