"""Each kind of flaw is said once, what spoils findings first."""

from dataclasses import replace

import pytest

from battuta.domain.errors import UsageError
from battuta.interfaces.cli.health_flaws import flaw_lines, say_capacity, say_flaws, stated_words
from battuta.ports.telemetry import TelemetryFinding, TelemetryFlaw
from battuta.studies.fleet_scan import FleetScan, StringResult


def flaw(kind, string_id="A"):
    return TelemetryFinding(flaw=kind, string_id=string_id, channel="x", first_ns=None, count=1, detail="seen")


def test_what_spoils_findings_comes_first_and_each_kind_once():
    seen = [
        flaw(TelemetryFlaw.GAP),
        flaw(TelemetryFlaw.GAP, "B"),
        flaw(TelemetryFlaw.GAP),
        flaw(TelemetryFlaw.WRONG_SIGN),
    ]
    assert flaw_lines(seen) == [
        "A, x: seen [wrong_sign]",
        "A, x: seen [gap]; 3 remarks of this kind on 2 strings",
    ]
    assert flaw_lines([]) == []


def test_what_was_left_out_is_said(capsys):
    result = StringResult(
        string_id="A", n_cells=1, n_samples=1, n_days=0, findings=(), flaws=(flaw(TelemetryFlaw.GAP),),
        refused="the disk is gone", n_left_out=1440,
    )  # fmt: skip
    say_flaws(FleetScan(strings=(result,), refused=("b.parquet: broken",)))
    said = capsys.readouterr().err
    for each in ("seen [gap]", "1,440 rows of 1 string: no later", "A breaks off: the disk is gone", "b.parquet"):
        assert each in said


def test_what_was_not_judged_is_named_and_many_are_counted(capsys):
    fine = StringResult(string_id="F", n_cells=9, n_samples=1, n_days=20, findings=(), flaws=())
    silent = [replace(fine, string_id=f"S{at}", unseen=(3,)) for at in range(22)]
    say_flaws(FleetScan(strings=(fine, *silent)))
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("S0: cell 3 of 9 not judged, as no day has their voltages")
    assert said[20:] == ["2 more strings not judged, or not whole; --json names them all"]


@pytest.mark.parametrize("words", [["clock"], ["=utc"], ["clock=utc", "clock=offset"]])
def test_a_word_without_a_value_or_twice_is_refused(words):
    with pytest.raises(UsageError, match="state a name once"):
        stated_words(words)


def test_a_capacity_that_nobody_states_is_said(capsys):
    say_capacity("lfp_314ah", 280.0)
    assert capsys.readouterr().err == ""
    say_capacity("lfp_314ah", None)
    assert "--capacity-ah is not stated: 314 Ah a cell, that of lfp_314ah, is taken" in capsys.readouterr().err
