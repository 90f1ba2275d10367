"""``battuta health scan`` reads a folder, names the bad cell, and says what it could not read."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from battuta.adapters.telemetry.parquet import write_block
from battuta.domain.time import from_ns
from battuta.interfaces.cli.health import FAULT_HELP
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

LEAK = ForeignFault(kind=ForeignFaultKind.LEAK, string=0, cell=7, start_day=25, size=20.0)


def battuta(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "battuta", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("telemetry")
    life = StringLife(FleetPlan(seed=6, n_strings=1, n_cells=48, faults=(LEAK,), has_events=False), 0)
    for _ in range(50):
        write_block(life.block(1), path)
    return path


def test_a_leaking_cell_is_named_with_its_evidence(folder: Path, tmp_path: Path) -> None:
    done = battuta("health", "scan", folder, "--json", "--out", tmp_path / "findings.csv")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["strings"], answer["cells"]) == (1, 48)
    assert {(each["cell"], each["kind"]) for each in answer["findings"]} == {(7, "micro_short")}
    first = answer["findings"][0]
    assert first["level"] in {"watch", "act"}
    assert "2025-01-2" <= first["since"] < first["found"]
    assert first["evidence"]["charge_lost_per_day"] > 0.001
    assert pl.read_csv(tmp_path / "findings.csv").height == len(answer["findings"])


def test_people_get_a_table(folder: Path) -> None:
    done = battuta("health", "scan", folder)
    assert done.returncode == 0, done.stderr
    assert "micro_short" in done.stdout
    assert "--capacity-ah is not stated: 314 Ah a cell" in done.stderr
    assert "48 cells in 1 string," in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--cell", "lead_acid"), "lead_acid"),
        (("--capacity-ah", "0"), "is none"),
        (("--out", "findings.txt"), "findings.txt"),
    ],
)
def test_what_cannot_be_scanned_ends_with_a_sentence(folder: Path, words: tuple[str, ...], said: str) -> None:
    done = battuta("health", "scan", folder, *words)
    assert done.returncode in {2, 4}
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_not_there_is_named() -> None:
    done = battuta("health", "scan", "nowhere")
    assert done.returncode == 4
    assert "nowhere" in done.stderr


def write_pylontech(path: Path, n_days: int) -> int:
    """A log of 15 cells as a console's logger writes it, with lines that were cut off, ran together or came again."""
    life = StringLife(FleetPlan(seed=6, n_strings=1, n_cells=15, has_events=False), 0)
    header = ["time", *(f"v{n}" for n in range(15)), *(f"t{n}" for n in range(15)), "soc", "ah"]
    header += [*(f"bal{n}" for n in range(15)), "current"]
    lines = [",".join(header)]
    for _ in range(n_days):
        block = life.block(1)
        for row in range(block.n_times):
            cells = [from_ns(int(block.time_ns[row])).strftime("%Y-%m-%d %H:%M:%S")]
            cells += [f"{1000.0 * v:.0f}" for v in block.voltage_v[row]]
            cells += [f"{1000.0 * block.temperature_c[row, 0]:.0f}"] * 15
            cells += ["85", "62900", *(["N"] * 15), f"{-1000.0 * block.current_a[row]:.0f}"]
            lines.append(",".join(cells))
    lines[100] = lines[100][:40]
    lines[200] += lines[201]
    lines[300] = lines[0]
    lines[400] = lines[400].replace(",N,", ",?,", 1)
    path.write_text("\n".join(lines) + "\n\0\0\0", encoding="utf-8")
    return len(lines) - 1 - 3


def test_a_pylontech_log_is_scanned_and_its_bad_lines_are_named(tmp_path: Path) -> None:
    n_rows = write_pylontech(tmp_path / "log.csv", 3)
    words = ("--set", "units=console", "--set", "clock=utc", "--set", "balancing_current_a=0.05")
    done = battuta("health", "scan", tmp_path / "log.csv", *words, "--capacity-ah", "74", "--json")
    assert done.returncode == 4, "three days are too few to judge"
    assert "tests speak from day 17 on" in done.stderr
    assert "--capacity-ah is not stated" not in done.stderr
    answer = json.loads(done.stdout)
    assert (answer["cells"], answer["samples"]) == (15, 15 * n_rows)
    assert answer["findings"] == answer["refused"] == []
    for said in (
        "read as pylontech, as log.csv has columns current, v0, v1",
        "row 101: '6 cells where the header has 49' is no time, first of 3 such rows; dropped",
        "'?' is no flag",
    ):
        assert said in done.stderr, done.stderr


def test_a_pylontech_log_whose_units_nobody_states_is_refused(tmp_path: Path) -> None:
    write_pylontech(tmp_path / "log.csv", 1)
    for words, said in (
        (("--set", "clock=utc"), "look whether a cell reads 3312 or 3.312"),
        (("--set", "clock=utc", "--set", "units=si"), "state the right voltage_unit"),
    ):
        done = battuta("health", "scan", tmp_path / "log.csv", *words, "--json")
        refused = json.loads(done.stdout)["refused"] if done.stdout else []
        assert said in done.stderr + " ".join(refused), done.stderr
        assert "Traceback" not in done.stderr


def test_runs_with_a_state_tell_what_one_run_tells(folder: Path, tmp_path: Path) -> None:
    answers: list[dict[str, object]] = []
    paths = sorted(folder.rglob("*.parquet"))
    for first, stop in ((0, 30), (30, 50)):
        part = tmp_path / f"from-{first}"
        part.mkdir()
        for path in paths[first:stop]:
            (part / path.name).symlink_to(path)
        done = battuta("health", "scan", part, "--state", tmp_path / "state.npz", "--json")
        assert done.returncode == 0, done.stderr
        answers.append(json.loads(done.stdout))
    whole = json.loads(battuta("health", "scan", folder, "--json").stdout)
    assert answers[0]["samples"] < whole["samples"]
    for answer in (answers[1], whole):
        answer.pop("seconds")
    assert answers[1] == whole
    done = battuta("health", "scan", folder, "--state", tmp_path / "state.npz", "--capacity-ah", "280")
    assert done.returncode == 4
    assert "kept under another version of this program, kind of cell, capacity" in done.stderr
    done = battuta("health", "scan", folder, "--state", tmp_path / "state.npz", "--json")
    again = json.loads(done.stdout)
    again.pop("seconds")
    assert again == whole


def test_a_report_holds_the_evidence_and_changes_no_answer(folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "deep" / "scan.html"
    done = battuta("health", "scan", folder, "--json", "--report", report)
    assert done.returncode == 0, done.stderr
    assert str(report) in done.stderr.replace("\n", "")
    text = report.read_text(encoding="utf-8")
    assert "cell 7: micro short" in text
    assert "<script" not in text
    plain = json.loads(battuta("health", "scan", folder, "--json").stdout)
    assert json.loads(done.stdout)["findings"] == plain["findings"]


def test_a_report_does_not_overwrite_the_telemetry(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("time\n", encoding="utf-8")
    done = battuta("health", "scan", log, "--report", log)
    assert done.returncode == 2
    assert log.read_text(encoding="utf-8") == "time\n"


def test_a_short_record_is_judged_by_nobody_and_a_state_may_grow(tmp_path: Path) -> None:
    short = tmp_path / "short"
    assert battuta("health", "example", short, "--strings", "1", "--cells", "16", "--days", "2").returncode == 0
    done = battuta("health", "scan", short, "--json", "--report", tmp_path / "scan.html")
    assert done.returncode == 4
    answer = json.loads(done.stdout)
    assert answer["is_synthetic"] is True
    assert answer["label"].startswith("SYNTHETIC")
    assert answer["unjudged"][0].startswith(
        "synthetic-000: its 16 cells not judged yet, as there are 2 days that count"
    )
    assert answer["unjudged"][0] in (tmp_path / "scan.html").read_text(encoding="utf-8")
    done = battuta("health", "scan", short, "--state", tmp_path / "state.npz")
    assert done.returncode == 0, done.stderr
    assert "tests speak from day 17 on, 2025-01-17 at the earliest" in done.stderr
    assert "Nothing judged yet in 16 cells in 1 string" in done.stdout
    assert done.stdout.startswith("SYNTHETIC")


def test_the_help_names_every_kind_of_fault_and_cuts_no_sentence() -> None:
    for kind in ForeignFaultKind:
        assert f"{kind.value} [" in FAULT_HELP
    assert "..." not in battuta("health", "--help").stdout.partition("Commands:")[2]
