"""Weather files: vintages are kept, what is missing stays missing, what needs a guess is refused with its row."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from battuta.adapters.weather.file import read_weather
from battuta.domain.errors import BattutaError, ClockError, DataError, ImportRefusedError, UsageError
from battuta.domain.imports import FindingKind
from battuta.domain.time import to_ns
from battuta.domain.weather import Place

PLACE = Place(latitude_deg=52.52, longitude_deg=13.41, name="Berlin")
VINTAGES = """time,known_at,temperature_c,cloud_cover
2026-07-02T00:00+02:00,2026-07-01T06:00+02:00,18.5,0.4
2026-07-02T01:00+02:00,2026-07-01T06:00+02:00,18.0,
2026-07-02T00:00+02:00,2026-07-01T18:00+02:00,19.5,0.9
2026-07-02T01:00+02:00,2026-07-01T18:00+02:00,19.0,1.0
"""
PLAIN = """time,temperature_c
2026-07-02T00:00Z,18.5
2026-07-02T01:00Z,18.0
2026-07-02T04:00Z,17.0
"""


@pytest.fixture
def read(tmp_path):
    def read(text, **settings):
        path = tmp_path / "weather.csv"
        path.write_text(text, encoding="utf-8")
        return read_weather(path, place=PLACE, **settings)

    return read


def ns(*parts):
    return to_ns(datetime(*parts, tzinfo=UTC))


def test_all_vintages_are_kept(read):
    seen = read(VINTAGES)
    forecast = seen.forecast
    assert (forecast.n_times, forecast.n_distinct_times, forecast.step) == (4, 2, timedelta(hours=1))
    np.testing.assert_array_equal(forecast.columns["temperature_c"], [18.5, 19.5, 18.0, 19.0])
    at = np.full(2, ns(2026, 7, 1, 22))
    by = np.array([ns(2026, 7, 1, 10), ns(2026, 7, 1, 16)])
    np.testing.assert_array_equal(forecast.known_values("temperature_c", at, by), [18.5, 19.5])
    assert [(each.kind, each.row) for each in seen.findings] == [(FindingKind.MISSING_VALUE, 3)]
    assert forecast.source == "weather.csv, Berlin (52.520 N, 13.410 E)"
    assert not forecast.is_synthetic


def test_a_file_that_does_not_say_when_needs_a_rule(read):
    with pytest.raises(UsageError, match="state when its values became known, as in known_at='D-1 06:00"):
        read(PLAIN)
    seen = read(PLAIN, known_at="D-1 06:00 Europe/Berlin")
    assert set(seen.forecast.known_at_ns) == {ns(2026, 7, 1, 4)}
    assert {each.kind for each in seen.findings} == {FindingKind.STATED_RULE, FindingKind.GAP}
    with pytest.raises(UsageError, match="leave the rule out"):
        read(VINTAGES, known_at="D-1 06:00 Europe/Berlin")


def test_a_gap_is_told_and_not_filled(read):
    seen = read(PLAIN, known_at="D-1 06:00 UTC")
    gap = next(each for each in seen.findings if each.kind is FindingKind.GAP)
    assert gap.count == 2
    assert "after 2026-07-02T01:00Z" in gap.message
    assert seen.forecast.n_times == 3


def test_a_mark_of_false_marks_nothing_and_a_mixed_one_is_refused(read):
    def marked(*said):
        head, *lines = PLAIN.strip().splitlines()
        rows = [f"{line},{said[at % len(said)]}" for at, line in enumerate(lines)]
        return "\n".join([f"{head},is_synthetic", *rows]) + "\n"

    assert not read(marked("false"), known_at="D-1 06:00 UTC").forecast.is_synthetic
    assert read(marked(" True"), known_at="D-1 06:00 UTC").forecast.is_synthetic
    with pytest.raises(ImportRefusedError, match="row 3, column is_synthetic: 'false' where every row must say true"):
        read(marked("true", "false"), known_at="D-1 06:00 UTC")
    with pytest.raises(ImportRefusedError, match="an empty cell where every row must say true"):
        read(marked("true", ""), known_at="D-1 06:00 UTC")


def test_parquet_is_read(tmp_path):
    frame = pl.DataFrame(
        {
            "time": [datetime(2026, 7, 2, hour, tzinfo=UTC) for hour in (0, 1)],
            "known_at": [datetime(2026, 7, 1, tzinfo=UTC)] * 2,
            "wind_speed_m_per_s": [3.0, None],
            "is_synthetic": [True, True],
        }
    )
    frame.write_parquet(tmp_path / "weather.parquet")
    forecast = read_weather(tmp_path / "weather.parquet", place=PLACE).forecast
    np.testing.assert_array_equal(forecast.columns["wind_speed_m_per_s"], [3.0, np.nan])
    assert forecast.is_synthetic


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PLAIN.replace("18.0", "mild"), r"row 3, column temperature_c: 'mild' is no number \[text_in_number\]"),
        (PLAIN.replace("18.0", "18,0"), "cannot be read"),
        (PLAIN.replace("18.0", "291.0"), r"row 3, .*looks like kelvin \[wrong_unit\]; subtract 273.15"),
        (PLAIN.replace("18.0", "88"), "Fahrenheit"),
        (PLAIN.replace("18.0", "-80"), r"row 3, .*-80 degC is outside \[-60, 60\] \[implausible_value\]; empty"),
        (PLAIN.replace("2026-07-02T01:00Z", "01:00Z"), "row 3, column time: '01:00Z' is no time"),
        (PLAIN.replace("04:00Z,17.0", "01:00Z,17.0"), r"row 4: .*twice with the same known_at and other values"),
        (PLAIN.replace("04:00", "01:07"), "times are 7 min apart"),
        (PLAIN.replace("time,", "when,"), "has no column time; it has when, temperature_c"),
        (PLAIN.replace("temperature_c", "temperature"), "has no column of weather; name them temperature_c"),
        ("time,temperature_c\n", "a header and no rows"),
        ("", "cannot be read"),
    ],
)
def test_what_needs_a_guess_is_refused(read, text, words):
    with pytest.raises(DataError, match=words):
        read(text, known_at="D-1 06:00 UTC")


def test_all_that_is_refused_is_named_at_once(read):
    text = VINTAGES.replace("18.0", "mild").replace("0.9", "90")
    with pytest.raises(ImportRefusedError, match="mild"):
        read(text)
    with pytest.raises(ImportRefusedError, match=r"row 4, column cloud_cover: .*percent \[wrong_unit\]; divide by 100"):
        read(VINTAGES.replace("0.9", "90"))


def test_a_time_without_offset_is_not_guessed(read):
    with pytest.raises(ClockError, match="row 2, column time: 2026-07-02T00:00 has no offset"):
        read(PLAIN.replace("Z", ""), known_at="D-1 06:00 UTC")


def test_a_repeated_row_is_kept_once_and_told(read):
    seen = read(VINTAGES + VINTAGES.splitlines()[1] + "\n")
    assert seen.forecast.n_times == 4
    assert [each.row for each in seen.findings if each.kind is FindingKind.DUPLICATE] == [6]


def test_a_column_without_unit_is_left_out_and_told(read):
    seen = read(PLAIN.replace("time,", "station,time,").replace("2026-", "Dahlem,2026-"), known_at="D-1 06:00 UTC")
    assert list(seen.forecast.columns) == ["temperature_c"]
    assert [each.column for each in seen.findings if each.kind is FindingKind.UNKNOWN_COLUMN] == ["station"]


def test_a_single_time_needs_its_step(read):
    text = "".join(PLAIN.splitlines(keepends=True)[:2])
    with pytest.raises(DataError, match="state step"):
        read(text, known_at="D-1 06:00 UTC")
    assert read(text, known_at="D-1 06:00 UTC", step=timedelta(hours=3)).forecast.step == timedelta(hours=3)


def test_a_file_that_is_not_there_is_an_error_of_ours(tmp_path):
    with pytest.raises(BattutaError, match="cannot be read"):
        read_weather(tmp_path / "none.csv", place=PLACE)
