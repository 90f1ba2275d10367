"""However the rows come, the days are the same."""

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.telemetry import Block
from battuta.health.string_scan import StringScan, joined
from battuta.physics.cell_parameters import cell_parameters
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

PARAMETERS = cell_parameters("lfp_314ah")
PLAN = FleetPlan(seed=3, n_strings=1, n_cells=32)


def record(n_days=4) -> Block:
    return StringLife(PLAN, 0).block(n_days)


def states_of(pieces, n_cells=32):
    scan = StringScan(PARAMETERS, pieces[0].string_id, n_cells)
    for piece in pieces:
        scan.take(piece)
    scan.close()
    return scan.filter.state, scan.n_days


def test_any_cut_gives_the_same_bytes():
    whole = record()
    (one, n_days), (many, n_days_cut) = (
        states_of([whole]),
        states_of([whole.rows(slice(at, at + 700)) for at in range(0, whole.n_times, 700)]),
    )
    assert n_days == n_days_cut == 4
    assert one.states.tobytes() == many.states.tobytes()
    assert one.covariance.tobytes() == many.covariance.tobytes()
    assert one.bled.tobytes() == many.bled.tobytes()


def test_another_string_other_cells_and_older_rows_are_refused():
    whole = record(2)
    scan = StringScan(PARAMETERS, "another", 32)
    with pytest.raises(DataError, match="begin another watch"):
        scan.take(whole)
    scan = StringScan(PARAMETERS, whole.string_id, 31)
    with pytest.raises(DataError, match="31 cells is watched"):
        scan.take(whole)
    scan = StringScan(PARAMETERS, whole.string_id, 32)
    scan.take(whole)
    with pytest.raises(DataError, match="not later"):
        scan.take(whole.rows(slice(whole.n_times - 5, whole.n_times)))


def test_blocks_are_joined_and_silence_of_the_balancer_is_nothing_bled():
    whole = record(1)
    first = Block(
        string_id=whole.string_id, time_ns=whole.time_ns[:10], current_a=whole.current_a[:10],
        voltage_v=whole.voltage_v[:10], temperature_c=whole.temperature_c[:10],
    )  # fmt: skip
    both = joined([first, whole.rows(slice(10, 20))])
    assert both.n_times == 20
    assert both.bleed_ah is not None
    assert np.all(both.bleed_ah[:10] == 0.0)
    assert joined([first]).bleed_ah is None
