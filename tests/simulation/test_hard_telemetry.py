"""Telemetry as it comes from the field, SYNTHETIC and spoiled on purpose: what is told, and that nobody is blamed."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from battuta.adapters.telemetry.parquet import write_block
from battuta.app.health_scan import open_stated, scan_health
from battuta.domain.errors import DataError
from battuta.domain.health import FaultClass
from battuta.domain.telemetry import Block
from battuta.domain.time import NS_PER_S, from_ns
from battuta.studies.fleet_scan import StringResult
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

N_CELLS, N_DAYS = 32, 26
LEAK = ForeignFault(kind=ForeignFaultKind.LEAK, string=0, cell=7, start_day=18, size=10.0)
PLAN = FleetPlan(seed=11, n_strings=1, n_cells=N_CELLS, has_events=False)
LAYOUT = {
    "time": "time", "clock": "local:Europe/Berlin", "voltage": "v{n}", "voltage_unit": "V", "current": "i",
    "current_unit": "A", "current_sign": "discharge_positive", "string_id": "A",
}  # fmt: skip
Spoil = Callable[[list[Block]], list[Block]]


def lived(plan: FleetPlan, n_days: int = N_DAYS) -> list[Block]:
    life = StringLife(plan, 0)
    return [life.block(1) for _ in range(n_days)]


@pytest.fixture(scope="module")
def healthy() -> list[Block]:
    return lived(PLAN)


@pytest.fixture(scope="module")
def leaking() -> list[Block]:
    return lived(replace(PLAN, faults=(LEAK,)), N_DAYS + 8)


def scanned(folder: Path, blocks: Iterable[Block]) -> StringResult:
    for block in blocks:
        write_block(block, folder)
    (result,) = scan_health(open_stated(folder).source).scan.strings
    return result


def told(result: StringResult) -> Counter[str]:
    """How many rows or values each kind of remark concerns."""
    return Counter(
        {kind: sum(x.count for x in result.flaws if x.flaw == kind) for kind in {x.flaw.value for x in result.flaws}}
    )


def rows(block: Block, places: Sequence[int] | np.ndarray) -> Block:
    """Some rows, in any order; a block is not made anew, as one out of order would be refused."""
    kept = np.asarray(places)
    bleed = None if block.bleed_ah is None else block.bleed_ah[kept]
    return replace(
        block, time_ns=block.time_ns[kept], current_a=block.current_a[kept], voltage_v=block.voltage_v[kept],
        temperature_c=block.temperature_c[kept], bleed_ah=bleed,
    )  # fmt: skip


def on_day(day: int, change: Callable[[Block], Block]) -> Spoil:
    return lambda blocks: [change(block) if at == day else block for at, block in enumerate(blocks)]


def with_volts(change: Callable[[np.ndarray], np.ndarray]) -> Callable[[Block], Block]:
    return lambda block: replace(block, voltage_v=change(block.voltage_v.copy()))


def test_the_records_themselves_are_sound_and_faulty(
    tmp_path: Path, healthy: list[Block], leaking: list[Block]
) -> None:
    sound = scanned(tmp_path / "a", healthy)
    assert sound.findings == ()
    assert set(told(sound)) <= {"gap", "missing_value"}, "a log of the field lacks a row or value here and there"
    assert {(each.cell, each.fault) for each in scanned(tmp_path / "b", leaking).findings} == {(7, "micro_short")}


def without_hours(blocks: list[Block]) -> list[Block]:
    """Six hours and then three days are lost."""
    short = rows(blocks[19], np.concatenate([np.arange(500), np.arange(860, blocks[19].n_times)]))
    return [*blocks[:19], short, blocks[20], *blocks[24:]]


@pytest.mark.parametrize("name", ["healthy", "leaking"])
def test_gaps_of_hours_and_days_stay_gaps_and_blame_nobody(
    tmp_path: Path, name: str, request: pytest.FixtureRequest
) -> None:
    blocks: list[Block] = request.getfixturevalue(name)
    result = scanned(tmp_path, without_hours(blocks))
    n_lost = sum(block.n_times for block in blocks) * N_CELLS - result.n_samples
    assert told(result)["gap"] * N_CELLS >= n_lost > 3 * 1400 * N_CELLS
    assert {each.cell for each in result.findings} <= {7}
    assert (name == "healthy") == (not result.findings)


def test_nan_for_a_day_is_counted_and_blames_nobody(tmp_path: Path, healthy: list[Block]) -> None:
    result = scanned(tmp_path, on_day(20, with_volts(lambda volts: np.full_like(volts, np.nan)))(healthy))
    assert told(result)["missing_value"] >= healthy[20].n_times * N_CELLS
    assert (result.findings, result.refused, result.n_days) == ((), "", N_DAYS - 1)


def test_error_codes_of_a_day_blame_nobody(tmp_path: Path, healthy: list[Block]) -> None:
    result = scanned(tmp_path, on_day(20, with_volts(lambda volts: np.full_like(volts, 65.535)))(healthy))
    assert told(result)["out_of_range"] == healthy[20].n_times * N_CELLS
    assert (result.findings, result.refused) == ((), "")


def test_a_stuck_channel_is_said_to_be_stuck(tmp_path: Path, healthy: list[Block]) -> None:
    def stuck(block: Block) -> Block:
        volts = block.voltage_v.copy()
        volts[:, 3] = 3.301
        return replace(block, voltage_v=volts)

    result = scanned(tmp_path, [*healthy[:20], *map(stuck, healthy[20:])])
    assert told(result)["stuck_value"] > 0
    assert {(each.cell, each.fault) for each in result.findings} == {(3, FaultClass.STUCK_VALUE)}


def test_a_string_that_loses_cells_begins_anew(tmp_path: Path, healthy: list[Block]) -> None:
    fewer = [replace(b, voltage_v=b.voltage_v[:, 2:], bleed_ah=None) for b in healthy[15:]]
    result = scanned(tmp_path, [*healthy[:15], *fewer])
    assert told(result)["cell_count"] == 1
    assert (result.n_cells, result.n_days, result.findings, result.refused) == (N_CELLS, N_DAYS, (), "")


def test_steps_of_five_millivolts_are_enough(tmp_path: Path) -> None:
    coarse = replace(PLAN, resolution_v=0.005)
    assert scanned(tmp_path / "a", lived(coarse)).findings == ()
    found = scanned(tmp_path / "b", lived(replace(coarse, faults=(LEAK,)))).findings
    assert {each.cell for each in found} == {7}


@pytest.mark.parametrize(("factor", "said"), [(1e3, "as cells read in mV"), (1e-3, "as cells read in kV")])
def test_another_unit_is_refused_and_not_guessed(
    tmp_path: Path, leaking: list[Block], factor: float, said: str
) -> None:
    with pytest.raises(DataError, match=said):
        scanned(tmp_path, map(with_volts(lambda volts: factor * volts), leaking))


def test_another_sign_of_the_current_is_refused_and_not_guessed(tmp_path: Path, leaking: list[Block]) -> None:
    result = scanned(tmp_path, [replace(block, current_a=-block.current_a) for block in leaking])
    assert "its current has the other sign: on 3 days" in result.refused
    assert result.findings == ()


def test_two_seconds_between_voltage_and_current_blame_nobody(tmp_path: Path) -> None:
    fine = lived(replace(PLAN, step_s=10), 22)

    def late(block: Block) -> Block:
        """Voltages two seconds after the current, of which every sixth row is logged."""
        gone = np.diff(block.time_ns, append=block.time_ns[-1]) / (10.0 * NS_PER_S)
        share = np.where(gone == 1.0, 0.2, 0.0)[:, None]
        volts = block.voltage_v + share * (np.roll(block.voltage_v, -1, axis=0) - block.voltage_v)
        skewed = replace(block, voltage_v=np.round(volts, 3), bleed_ah=None)
        return rows(skewed, np.flatnonzero(block.time_ns // NS_PER_S % 60 == 0))

    result = scanned(tmp_path, map(late, fine))
    assert result.findings == ()
    assert "wrong_sign" not in told(result)


def as_csv(path: Path, block: Block, places: Sequence[int] | np.ndarray, zone: str = "Europe/Berlin") -> Path:
    """Rows with the labels of a wall clock."""
    lines = [",".join(["time", "i", *(f"v{cell}" for cell in range(block.n_cells))])]
    for at in np.asarray(places).tolist():
        label = from_ns(int(block.time_ns[at])).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")
        lines.append(f"{label},{block.current_a[at]:.1f}," + ",".join(f"{v:.3f}" for v in block.voltage_v[at]))
    path.write_text("\n".join(lines) + "\n")
    return path


def read_csv(path: Path) -> tuple[np.ndarray, Counter[str]]:
    source = open_stated(path, stated=LAYOUT).source
    seen = list(source.read("A"))
    flaws: Counter[str] = Counter()
    for each in seen:
        flaws.update({flaw.flaw.value: flaw.count for flaw in each.findings})
    return np.concatenate([each.block.time_ns for each in seen]), flaws


def around(day: datetime) -> Block:
    life = StringLife(replace(PLAN, n_cells=8, start=day), 0)
    return life.block(1)


def test_spring_loses_no_row_and_autumn_is_told_apart_by_the_step_back(tmp_path: Path) -> None:
    for day in (datetime(2025, 3, 30, tzinfo=UTC), datetime(2025, 10, 26, tzinfo=UTC)):
        block = around(day)
        time_ns, flaws = read_csv(as_csv(tmp_path / "log.csv", block, np.arange(block.n_times)))
        np.testing.assert_array_equal(time_ns, block.time_ns)
        assert not set(flaws) & {"ambiguous_hour", "invented_dst_row", "clock_set_back"}


def test_an_hour_that_could_be_either_is_dropped_and_not_guessed(tmp_path: Path) -> None:
    block = around(datetime(2025, 10, 26, tzinfo=UTC))
    minute = (block.time_ns - block.time_ns[0]) // (60 * NS_PER_S)
    first, second = (minute < 60), (minute >= 60) & (minute < 120)
    for lost in (first, second):
        time_ns, flaws = read_csv(as_csv(tmp_path / "log.csv", block, np.flatnonzero(~lost)))
        assert flaws["ambiguous_hour"] == int((first | second).sum() - lost.sum())
        np.testing.assert_array_equal(time_ns, block.time_ns[~(first | second)])


def test_an_hour_that_no_clock_showed_is_dropped(tmp_path: Path) -> None:
    path = as_csv(tmp_path / "log.csv", around(datetime(2025, 3, 30, tzinfo=UTC)), np.arange(100))
    text = path.read_text().replace("2025-03-30 03:", "2025-03-30 02:")
    path.write_text(text)
    time_ns, flaws = read_csv(path)
    assert flaws["invented_dst_row"] == text.count("2025-03-30 02:") > 0
    assert time_ns.size == 100 - flaws["invented_dst_row"]


@pytest.mark.parametrize("across_files", [False, True])
def test_late_and_doubled_rows_change_nothing(tmp_path: Path, across_files: bool) -> None:
    block = around(datetime(2025, 5, 5, tzinfo=UTC))
    everything = np.arange(block.n_times)
    late, twice = np.arange(300, 310), np.arange(500, 520)
    sound = np.delete(everything, late)
    folder = tmp_path / "logs"
    folder.mkdir()
    if across_files:
        as_csv(folder / "1.csv", block, sound)
        as_csv(folder / "2.csv", block, np.concatenate([late, twice]))
    else:
        as_csv(folder / "1.csv", block, np.concatenate([sound[:700], late, twice, sound[700:]]))
    time_ns, flaws = read_csv(folder)
    np.testing.assert_array_equal(time_ns, block.time_ns)
    assert (flaws["duplicate"], flaws["late_row"]) == (twice.size, late.size)


def test_rows_of_one_instant_that_differ_are_dropped(tmp_path: Path) -> None:
    block = around(datetime(2025, 5, 5, tzinfo=UTC))
    path = as_csv(tmp_path / "log.csv", block, np.sort(np.append(np.arange(block.n_times), 40)))
    lines = path.read_text().splitlines()
    lines[41] = lines[41][:-1] + ("1" if lines[41][-1] != "1" else "2")
    path.write_text("\n".join(lines) + "\n")
    time_ns, flaws = read_csv(path)
    assert flaws["conflicting_duplicate"] == 2
    np.testing.assert_array_equal(time_ns, np.delete(block.time_ns, 40))
