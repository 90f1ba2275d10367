"""Wide CSV: units and signs turned as stated, days cut, whatever was odd named."""

import numpy as np
import pytest

from battuta.adapters.telemetry.wide_csv import WideCsvTelemetry
from battuta.adapters.telemetry.wide_layout import WideLayout
from battuta.domain.errors import DataError, UsageError
from battuta.domain.time import from_ns
from battuta.ports.telemetry import TelemetryFlaw
from unit.adapters.telemetry.strings import DAY_NS, START_NS, make_block

PLAIN = WideLayout(
    time="time",
    clock="offset",
    voltage="cell_{n}_v",
    voltage_unit="V",
    current="current",
    current_unit="A",
    current_sign="discharge_positive",
    temperature="t{n}",
    temperature_unit="degC",
    bleed="bleed_{n}",
    bleed_unit="Ah",
)


def table_of(block):
    """Columns of a block as `PLAIN` reads them."""
    columns = {"time": [from_ns(ns).isoformat() for ns in block.time_ns.tolist()], "current": block.current_a}
    columns |= {f"cell_{cell + 1:02}_v": block.voltage_v[:, cell] for cell in range(block.n_cells)}
    columns |= {f"t{at}": block.temperature_c[:, at] for at in range(block.temperature_c.shape[-1])}
    if block.bleed_ah is not None:
        columns |= {f"bleed_{cell}": block.bleed_ah[:, cell] for cell in range(block.n_cells)}
    return columns


def write(path, columns, separator=","):
    lines = [separator.join(columns)]
    lines.extend(separator.join(map(str, row)) for row in zip(*columns.values(), strict=True))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def only(source, name="log"):
    (seen,) = source.read(name)
    return seen


def test_a_block_comes_back(tmp_path):
    block = make_block("log", n_cells=12)
    seen = only(WideCsvTelemetry(write(tmp_path / "log.csv", table_of(block)), PLAIN))
    for name in ("time_ns", "current_a", "voltage_v", "temperature_c", "bleed_ah"):
        np.testing.assert_array_equal(getattr(seen.block, name), getattr(block, name))
    assert seen.findings == ()


def test_units_and_sign_are_turned(tmp_path):
    block = make_block("log", bleed=False)
    columns = table_of(block)
    columns["current"] = -1000.0 * block.current_a
    columns |= {name: np.round(1000.0 * values) for name, values in columns.items() if name.startswith("cell")}
    columns |= {name: values + 273.15 for name, values in columns.items() if name.startswith("t") and name != "time"}
    layout = WideLayout(
        time="time",
        clock="offset",
        voltage="cell_{n}_v",
        voltage_unit="mV",
        current="current",
        current_unit="mA",
        current_sign="charge_positive",
        temperature="t{n}",
        temperature_unit="K",
        separator=";",
    )
    seen = only(WideCsvTelemetry(write(tmp_path / "log.csv", columns, ";"), layout))
    np.testing.assert_allclose(seen.block.current_a, block.current_a)
    np.testing.assert_allclose(seen.block.voltage_v, block.voltage_v)
    np.testing.assert_allclose(seen.block.temperature_c, block.temperature_c)
    assert seen.block.bleed_ah is None
    assert seen.findings == ()


def flagged(**changes):
    return WideLayout(
        time="time",
        clock="offset",
        voltage="cell_{n}_v",
        voltage_unit="V",
        current="current",
        current_unit="A",
        current_sign="discharge_positive",
        flag="bleed_{n}",
        **changes,
    )


def test_flags_and_a_current_are_a_charge(tmp_path):
    block = make_block("log")
    columns = table_of(block) | {f"bleed_{cell}": ["Y" if cell == 2 else "N"] * 60 for cell in range(4)}
    seen = only(WideCsvTelemetry(write(tmp_path / "log.csv", columns), flagged(flag_current_a=0.06)))
    np.testing.assert_allclose(seen.block.bleed_ah[1:, 2], 0.001)
    np.testing.assert_array_equal(seen.block.bleed_ah[1:, :2], 0.0)
    assert np.isnan(seen.block.bleed_ah[0]).all()
    assert seen.count(TelemetryFlaw.UNKNOWN_COLUMN) == 2


def test_flags_without_a_current_are_no_charge(tmp_path):
    columns = table_of(make_block("log")) | {f"bleed_{cell}": [1] * 60 for cell in range(4)}
    seen = only(WideCsvTelemetry(write(tmp_path / "log.csv", columns), flagged()))
    assert seen.block.bleed_ah is None
    assert "nobody states the current of the balancer" in str(seen.findings[1])


def test_days_are_blocks_and_bad_rows_are_named(tmp_path):
    parts = [make_block("log", day=day) for day in (0, 1)]
    columns = {name: np.concatenate([table_of(part)[name] for part in parts]) for name in table_of(parts[0])}
    columns = {name: values.astype(object) for name, values in columns.items()}
    columns["time"][5] = "never"
    columns["cell_02_v"][70] = "err"
    columns["cell_03_v"][71] = 65.535
    first, second = WideCsvTelemetry(write(tmp_path / "log.csv", columns), PLAIN).read("log")
    assert [int(each.block.time_ns[0] - START_NS) // DAY_NS for each in (first, second)] == [0, 1]
    assert (first.block.n_times, second.block.n_times) == (59, 60)
    assert first.count(TelemetryFlaw.BAD_TIME) == 1
    assert first.count(TelemetryFlaw.TEXT_IN_NUMBER) == 1
    out = next(each for each in second.findings if each.flaw is TelemetryFlaw.OUT_OF_RANGE)
    assert (out.row, out.channel) == (73, "voltage_v[2]")
    assert np.argwhere(np.isnan(second.block.voltage_v)).tolist() == [[10, 1], [11, 2]]


def test_a_column_tells_the_string(tmp_path):
    blocks = {name: make_block(name, seed=seed) for seed, name in enumerate(("B", "A"))}
    tables = [{**table_of(block), "rack": [name] * 60} for name, block in blocks.items()]
    columns = {name: np.concatenate([table[name] for table in tables]) for name in tables[0]}
    layout = WideLayout(**{name: getattr(PLAIN, name) for name in PLAIN.__slots__} | {"string": "rack"})
    source = WideCsvTelemetry(write(tmp_path / "log.csv", columns), layout)
    assert source.strings() == ("A", "B")
    seen = only(source, "A")
    np.testing.assert_array_equal(seen.block.voltage_v, blocks["A"].voltage_v)
    assert seen.findings == ()
    with pytest.raises(UsageError, match="stand in column rack; leave string_id = 'A' out"):
        WideCsvTelemetry(tmp_path / "log.csv", layout, string_id="A")


def test_files_of_a_folder_are_strings(tmp_path):
    for name in ("b", "a"):
        write(tmp_path / f"{name}.csv", table_of(make_block(name)))
    (tmp_path / "c.csv").write_text("time,nothing\n1,2\n")
    source = WideCsvTelemetry(tmp_path, PLAIN)
    assert source.strings() == ("a", "b")
    assert "c.csv has no column current; it has time, nothing" in source.refused[0]
    with pytest.raises(UsageError, match="has no string 'c'; it has a, b"):
        next(source.read("c"))


def test_a_name_may_be_given(tmp_path):
    path = write(tmp_path / "log.csv", table_of(make_block()))
    assert WideCsvTelemetry(path, PLAIN, string_id="rack 7").strings() == ("rack 7",)


def test_millivolts_taken_for_volts_are_refused(tmp_path):
    columns = table_of(make_block("log"))
    columns |= {name: 1000.0 * values for name, values in columns.items() if name.startswith("cell")}
    source = WideCsvTelemetry(write(tmp_path / "log.csv", columns), PLAIN)
    with pytest.raises(DataError, match=r"are above 3[23]\d\d V if they are in V, .*state the right voltage_unit"):
        list(source.read("log"))


def test_a_wrong_sign_is_seen(tmp_path):
    columns = table_of(make_block("log"))
    columns["current"] = -columns["current"]
    seen = only(WideCsvTelemetry(write(tmp_path / "log.csv", columns), PLAIN))
    assert seen.count(TelemetryFlaw.WRONG_SIGN) > 0


def test_a_balancer_for_each_cell_or_none(tmp_path):
    columns = table_of(make_block("log"))
    del columns["bleed_3"]
    with pytest.raises(DataError, match=r"4 columns cell_\{n\}_v and 3 for bleed; one each"):
        WideCsvTelemetry(write(tmp_path / "log.csv", columns), PLAIN)


def cut(columns, rows):
    return {name: np.asarray(values)[rows] for name, values in columns.items()}


def test_files_of_one_string_are_joined_in_order_of_time(tmp_path):
    block = make_block("A", n_times=90)
    columns = table_of(block)
    late = [30, 31, 40]
    write(tmp_path / "1.csv", cut(columns, np.delete(np.arange(60), late)))
    write(tmp_path / "0.csv", cut(columns, [*late, *range(55, 90)]))
    seen = only(WideCsvTelemetry(tmp_path, PLAIN, string_id="A"), "A")
    np.testing.assert_array_equal(seen.block.time_ns, block.time_ns)
    np.testing.assert_array_equal(seen.block.voltage_v, block.voltage_v)
    assert seen.count(TelemetryFlaw.DUPLICATE) == 5


def test_broken_lines_cost_their_rows_alone(tmp_path):
    block = make_block("log", n_cells=12)
    lines = write(tmp_path / "log.csv", table_of(block)).read_text().splitlines()
    lines[11] = lines[11][: len(lines[11]) // 2]
    lines[21] += lines[22]
    lines.insert(31, lines[0])
    (tmp_path / "log.csv").write_text("\n".join(lines))
    seen = only(WideCsvTelemetry(tmp_path / "log.csv", PLAIN))
    kept = np.delete(np.arange(60), [10, 20])
    np.testing.assert_array_equal(seen.block.voltage_v, block.voltage_v[kept])
    bad, *_ = seen.findings
    assert (bad.flaw, bad.row, bad.count) == (TelemetryFlaw.BAD_TIME, 12, 3)
    assert "15 cells where the header has 28' is no time" in bad.detail


def test_cells_are_called_by_their_columns(tmp_path):
    write(tmp_path / "log.csv", table_of(make_block("log")))
    told = WideCsvTelemetry(tmp_path / "log.csv", PLAIN)
    assert told.cell_names("log") == ("cell_01_v", "cell_02_v", "cell_03_v", "cell_04_v")
    assert told.cell_names("other") == ()
    write(tmp_path / "more.csv", table_of(make_block("log", n_cells=5)))
    assert WideCsvTelemetry(tmp_path, PLAIN, string_id="A").cell_names("A") == (), "files do not agree"
