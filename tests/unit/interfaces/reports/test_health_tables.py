"""Tables of findings and flaws, and sentences on what nobody saw."""

from dataclasses import replace

import numpy as np

from battuta.interfaces.reports.health_tables import ROWS_MAX, class_table, findings_table, flaw_table, unseen_words
from battuta.ports.telemetry import TelemetryFinding, TelemetryFlaw
from unit.health.recorded_lives import LEAKING, scanned


def test_each_finding_leads_to_its_evidence() -> None:
    text = findings_table(scanned().findings, {("1", LEAKING): "case-1"})
    assert text.count('href="#case-1"') == len(scanned().findings)
    assert "micro short" in text
    named = findings_table(scanned().findings, {}, {("1", LEAKING): "cell_8_mv"})
    assert f"1, cell {LEAKING} (cell_8_mv)" in named
    assert "charge lost a day" in text


def test_many_findings_are_cut_and_counted() -> None:
    text = findings_table(scanned().findings * (ROWS_MAX + 1), {})
    assert text.count("<tr>") == ROWS_MAX + 1
    assert "the gravest 1,000 of" in text


def test_findings_are_counted_by_class_and_level() -> None:
    text = class_table([*scanned().findings, *scanned().findings])
    assert "<td>" in text
    assert text.index("act") < text.index("plan") < text.index("watch")


def test_flaws_are_told_once_a_kind_what_spoils_most_first() -> None:
    gap = TelemetryFinding(
        flaw=TelemetryFlaw.GAP, string_id="a", channel="time", first_ns=0, count=3, detail="<i>nothing</i>"
    )
    sign = replace(gap, flaw=TelemetryFlaw.WRONG_SIGN, string_id="b", count=1)
    text = flaw_table([gap, replace(gap, string_id="b", count=4), sign])
    assert text.index("wrong sign") < text.index("gap")
    assert "<td>2</td><td>2</td><td>7</td>" in text
    assert "<i>" not in text


def test_what_was_not_seen_is_said() -> None:
    scan = scanned()
    one, other = scan.strings
    assert one.record is not None
    one = replace(one, n_days=10)
    assert other.record is not None
    days = np.delete(one.record.days, [5, 6])[:10]
    short = replace(one.record, days=days, has_bleed=False, n_sensors=0, silent=(4,), doubt=np.full((4, 10), 0.02))
    broken = replace(
        scan, strings=(replace(one, record=short, refused="the disk is gone"), replace(other, record=None))
    )
    words = " ".join(unseen_words(replace(broken, refused=("x.parquet: broken",))))
    for said in (
        "x.parquet: broken",
        "0 breaks off: the disk is gone",
        "No row was read in this run: 1",
        "2 days between first and last of 0",
        "Not judged: 0: its 32 cells not judged yet, as there are 10 days that count",
        "0 cell 4",
        "not logged",
        "No temperature",
        "flat part",
    ):
        assert said in words


def test_a_whole_record_lacks_only_what_no_record_shows() -> None:
    assert len(unseen_words(scanned())) == 1
    resumed = [replace(each, record=replace(each.record, is_resumed=True)) for each in scanned().strings if each.record]
    assert "earlier run" in unseen_words(replace(scanned(), strings=tuple(resumed)))[0]
