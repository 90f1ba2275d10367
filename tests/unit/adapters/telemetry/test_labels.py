"""Labels of a logger: the clock is stated, spring's hour does not exist, autumn's is told by the order of rows."""

from datetime import UTC, datetime

import polars as pl
import pytest

from battuta.adapters.telemetry.labels import NO_TIME, read_labels
from battuta.domain.errors import ClockError, DataError
from battuta.domain.time import Clock, to_ns
from battuta.ports.telemetry import TelemetryFlaw


def read(findings, labels, clock, time_format=""):
    column = pl.Series("time", labels, dtype=pl.String)
    return read_labels(column, Clock.parse(clock), time_format, findings, "log.csv").tolist()


def utc(*parts):
    return to_ns(datetime(*parts, tzinfo=UTC))


@pytest.mark.parametrize(
    ("label", "clock", "time_format"),
    [
        ("2026-01-01T01:00:00+01:00", "offset", ""),
        ("2026-01-01 00:00Z", "offset", ""),
        ("2025-12-31 19:00:00.000 -0500", "offset", ""),
        ("2026-01-01 00:00:00", "utc", ""),
        ("2026-01-01T01:00:00", "fixed:+01:00", ""),
        ("2026-01-01T01:00:00", "local:Europe/Berlin", ""),
        ("01.01.2026 01:00", "local:Europe/Berlin", "%d.%m.%Y %H:%M"),
        ("1767225600", "utc", "unix_s"),
        ("1767225600000", "utc", "unix_ms"),
        ("1767225600.0", "utc", "unix_s"),
    ],
)
def test_an_instant_is_read_by_its_clock(findings, label, clock, time_format):
    assert read(findings, [label], clock, time_format) == [utc(2026, 1, 1)]
    assert findings.taken() == ()


def test_parts_of_a_second_are_kept(findings):
    assert read(findings, ["2026-01-01T00:00:00.250Z"], "offset") == [utc(2026, 1, 1, 0, 0, 0, 250_000)]
    assert read(findings, ["1767225600.25"], "utc", "unix_s") == [utc(2026, 1, 1, 0, 0, 0, 250_000)]


def test_what_is_no_time_is_named_with_its_row(findings):
    seen = read(findings, ["2026-01-01T00:00Z", "soon", None, "0000-00-00T00:00Z"], "offset")
    assert seen == [utc(2026, 1, 1), NO_TIME, NO_TIME, NO_TIME]
    (finding,) = findings.taken()
    assert (finding.flaw, finding.row, finding.count) == (TelemetryFlaw.BAD_TIME, 3, 3)
    assert "'soon' is no time" in finding.detail


def test_no_time_at_all_is_refused(findings):
    with pytest.raises(DataError, match=r"log\.csv, column time: '01\.02\.2026' is no time .*state its time_format"):
        read(findings, ["01.02.2026", "02.02.2026"], "utc")
    with pytest.raises(DataError, match="'2026-01-01' is no time such as unix_s"):
        read(findings, ["2026-01-01"], "utc", "unix_s")


def test_offsets_and_clock_have_to_agree(findings):
    with pytest.raises(ClockError, match=r"row 3: 2026-01-01T00:01:00 has no offset; write it .*or state the clock"):
        read(findings, ["2026-01-01T00:00:00Z", "2026-01-01T00:01:00"], "offset")
    with pytest.raises(ClockError, match=r"row 2: .* has its own offset; state clock 'offset'"):
        read(findings, ["2026-01-01T00:00:00Z"], "fixed:+01:00")
    with pytest.raises(ClockError, match="local_24h is for price benchmarks"):
        read(findings, ["2026-01-01T00:00:00"], "local_24h")


def test_the_hour_that_spring_skips_is_dropped(findings):
    seen = read(findings, ["2026-03-29T01:59:00", "2026-03-29T02:30:00", "2026-03-29T03:00:00"], "local:Europe/Berlin")
    assert seen == [utc(2026, 3, 29, 0, 59), NO_TIME, utc(2026, 3, 29, 1, 0)]
    (finding,) = findings.taken()
    assert (finding.flaw, finding.row, finding.count) == (TelemetryFlaw.INVENTED_DST_ROW, 3, 1)


def test_the_hour_that_autumn_repeats_is_told_by_the_step_back(findings):
    labels = [f"2025-10-26T02:{minute:02}:00" for minute in (0, 30, 0, 30)]
    seen = read(findings, ["2025-10-26T01:30:00", *labels, "2025-10-26T03:00:00"], "local:Europe/Berlin")
    start = utc(2025, 10, 25, 23, 30)
    assert seen == [start + half * 1_800_000_000_000 for half in range(6)]
    assert findings.taken() == ()


def test_the_double_hour_logged_once_is_dropped(findings):
    labels = ["2025-10-26T01:30:00", "2025-10-26T02:00:00", "2025-10-26T02:30:00", "2025-10-26T03:00:00"]
    assert read(findings, labels, "local:Europe/Berlin")[1:3] == [NO_TIME, NO_TIME]
    (finding,) = findings.taken()
    assert (finding.flaw, finding.row, finding.count) == (TelemetryFlaw.AMBIGUOUS_HOUR, 3, 2)
