"""A price file that is right reads quietly; each way to be wrong is told with its row, its column and its mend."""

import contextlib
import gzip
import os
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from battuta.adapters.markets.files.reader import PriceFile, read_prices
from battuta.domain.errors import (
    BattutaError,
    ClockError,
    CurrencyError,
    DataError,
    ImportRefusedError,
    UsageError,
)
from battuta.domain.imports import FindingKind
from battuta.domain.prices import PRICE
from battuta.domain.publication import AFTER_INTERVAL, BEFORE_DAY_AHEAD_GATE, DAY_AHEAD_AUCTION
from battuta.domain.time import ClockKind, from_ns
from battuta.ports.price_source import PriceSource

BERLIN = "Europe/Berlin"


def kinds(found):
    return {finding.kind for finding in found.findings} - {FindingKind.STATED_RULE}


def refusal(path, **stated):
    with pytest.raises(ImportRefusedError) as caught:
        read_prices(path, **{"zone": BERLIN, **stated})
    return "\n".join(caught.value.findings)


def test_a_good_file_reads_quietly(write, good):
    found = read_prices(write(good), zone=BERLIN)
    series = found.series
    assert series.n_times == 72
    assert from_ns(int(series.time_ns[0])).isoformat() == "2025-12-31T23:00:00+00:00"
    assert series.price_per_mwh[[0, -1]].tolist() == [40.0, 63.0]
    assert (series.step, series.currency, series.zone) == (timedelta(hours=1), "EUR", BERLIN)
    assert (series.clock, series.source, series.rule) == (ClockKind.UTC, "prices.csv", DAY_AHEAD_AUCTION)
    assert kinds(found) == set()


def test_a_zone_that_the_labels_contradict_is_told_and_nothing_is_changed(write, good):
    found = read_prices(write(good), zone="America/New_York")
    (told,) = [each for each in found.findings if each.kind is FindingKind.OTHER_OFFSET]
    assert (told.row, told.count, told.is_refused) == (2, 72, False)
    assert "clocks in America/New_York" in told.message
    np.testing.assert_array_equal(found.series.time_ns, read_prices(write(good), zone=BERLIN).series.time_ns)


def test_gzip_and_parquet_give_the_same(write, good, tmp_path):
    plain = read_prices(write(good), zone=BERLIN).series
    zipped = read_prices(write(gzip.compress("\n".join(good).encode()), "prices.csv.gz"), zone=BERLIN).series
    frame = pl.DataFrame(
        {"time": pl.Series(plain.time_ns).cast(pl.Datetime("ns", "UTC")), "price_eur_per_mwh": plain.price_per_mwh}
    )
    frame.write_parquet(tmp_path / "prices.parquet")
    typed = read_prices(tmp_path / "prices.parquet", zone=BERLIN).series
    for other in (zipped, typed):
        np.testing.assert_array_equal(other.time_ns, plain.time_ns)
        np.testing.assert_array_equal(other.price_per_mwh, plain.price_per_mwh)


def test_it_is_a_price_source(write, good):
    source: PriceSource = PriceFile(path=write(good), zone=BERLIN)
    np.testing.assert_array_equal(source.read().series.time_ns, source.read().series.time_ns)


# --- time ------------------------------------------------------------------------------------------------------------
def test_a_gap_is_refused_with_its_place(write, good):
    text = refusal(write(good[:11] + good[14:]))
    assert "row 12, column time: no row for 3 intervals before this one: 2026-01-01T09:00Z to 2026-01-01T11:00Z" in text
    assert "allow gap" in text


def test_an_allowed_gap_stays_a_hole(write, good):
    found = read_prices(write(good[:11] + good[14:]), zone=BERLIN, allow={"gap"})
    assert found.series.n_times == 72
    assert np.flatnonzero(np.isnan(found.series.price_per_mwh)).tolist() == [10, 11, 12]
    assert found.count(FindingKind.GAP) == 3


def test_a_repeated_row_is_refused_and_kept_once_when_allowed(write, good):
    path = write(good[:11] + good[10:])
    assert "row 12, column time: repeats 2026-01-01T08:00Z (first in row 11) [duplicate]" in refusal(path)
    assert read_prices(path, zone=BERLIN, allow={"duplicate"}).series.n_times == 72


def test_a_contradicting_repetition_stays_refused(write, good):
    path = write([*good[:11], "2026-01-01T09:00+01:00,99", *good[11:]])
    assert "conflicting_duplicate" in refusal(path, allow={"duplicate"})


def test_naive_labels_need_a_clock(write, good):
    path = write([line.replace("+01:00", "") for line in good])
    with pytest.raises(ClockError, match=r"row 2: 2026-01-01T00:00 has no offset.*--clock local:Europe/Berlin"):
        read_prices(path, zone=BERLIN)
    local = read_prices(path, clock="local:Europe/Berlin").series
    assert (local.zone, from_ns(int(local.time_ns[0])).hour) == (BERLIN, 23)
    assert from_ns(int(read_prices(path, clock="fixed:-08:00", zone=BERLIN).series.time_ns[0])).hour == 8


def test_one_naive_label_among_others_is_named(write, good):
    good[6] = good[6].replace("+01:00", "")
    assert "row 7, column time: no offset in 1 label" in refusal(write(good))


def test_labels_at_the_end_of_their_hour_are_moved(write, good):
    series = read_prices(write(good), zone=BERLIN, clock="offset,hour_ending").series
    assert from_ns(int(series.time_ns[0])).isoformat() == "2025-12-31T22:00:00+00:00"


def test_a_delivery_day_needs_a_zone(write, good):
    with pytest.raises(ClockError, match=r"--zone Europe/Berlin"):
        read_prices(write(good))


def test_benchmark_labels_stay_as_they_are(write, good):
    path = write([line.replace("+01:00", "") for line in good])
    series = read_prices(path, clock="local_24h").series
    assert (series.is_benchmark, series.zone) == (True, "local_24h")
    assert from_ns(int(series.time_ns[0])).hour == 0
    assert len(series.days().dates) == 3


@pytest.mark.parametrize(
    ("day", "skipped", "repeated", "n_quarters"), [("2026-03-29", 2, -1, 92), ("2026-10-25", -1, 2, 100)]
)
def test_a_day_of_the_clock_change_in_quarter_hours(write, day, skipped, repeated, n_quarters):
    wall_hours = sorted([h for h in range(24) if h != skipped] + [h for h in range(24) if h == repeated])
    lines = [f"{day} {h:02d}:{m:02d},{40 + k}" for k, h in enumerate(wall_hours) for m in (0, 15, 30, 45)]
    found = read_prices(write(["time,price_eur_per_mwh", *lines]), clock="local:Europe/Berlin")
    assert found.series.n_times == n_quarters
    assert np.diff(found.series.days().start_index).tolist() == [n_quarters]
    assert kinds(found) == {FindingKind.DST_DAY}
    assert found.series.price_per_mwh[8] == 42.0


def test_rows_of_the_skipped_hour_are_invented(write):
    lines = [f"2026-03-29 {h:02d}:00,{40 + h}" for h in range(24)]
    path = write(["time,price_eur_per_mwh", *lines])
    assert "row 4, column time: 2026-03-29 02:00 to 2026-03-29 02:00 does not exist" in refusal(
        path, clock="local:Europe/Berlin"
    )
    allowed = read_prices(path, clock="local:Europe/Berlin", allow={"invented_dst_row"})
    assert allowed.series.n_times == 23


def test_rows_that_run_backwards(write, good):
    path = write([good[0], *good[:0:-1]])
    assert "the newest row comes first" in refusal(path)
    series = read_prices(path, zone=BERLIN, allow={"unsorted"}).series
    assert series.price_per_mwh[0] == 40.0


def test_a_change_of_step_is_no_gap(write, good):
    quarters = [f"2026-01-04T{k // 4:02d}:{k % 4 * 15:02d}+01:00,50" for k in range(96)]
    assert "row 74, column time: from 2026-01-03T23:00Z on rows are 15 min apart, not 60 min" in refusal(
        write(good + quarters)
    )


def test_a_wrong_year_does_not_fill_memory(write, good):
    good[-1] = good[-1].replace("2026", "2126")
    with pytest.raises(DataError, match="look for a label of a wrong year"):
        read_prices(write(good), zone=BERLIN, allow={"gap"})


# --- values ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("cell", "kind", "said"),
    [
        ("NaN", "missing_value", "no price in 1 row"),
        ("", "missing_value", "no price in 1 row"),
        ("n/a", "text_in_number", "'n/a' is no number"),
        ('"41,5"', "text_in_number", "decimal point"),
        ("inf", "text_in_number", "'inf' is no number"),
    ],
)
def test_a_cell_without_a_number(write, good, cell, kind, said):
    good[6] = good[6].split(",")[0] + f",{cell}"
    path = write(good)
    text = refusal(path)
    assert "row 7, column price_eur_per_mwh" in text
    assert said in text
    assert text.count("\n") == 0
    assert np.isnan(read_prices(path, zone=BERLIN, allow={kind}).series.price_per_mwh[5])


def test_prices_per_kwh_are_seen(write, good):
    path = write([good[0], *(f"{line.split(',')[0]},{0.04 + k % 24 / 1000}" for k, line in enumerate(good[1:]))])
    assert "like one per kWh [wrong_unit]; multiply by 1000" in refusal(path)


def test_an_impossible_price_is_seen(write, good):
    good[6] = "2026-01-01T05:00+01:00,1e9"
    assert "row 7, column price_eur_per_mwh: 1e+09 per MWh is beyond any price limit" in refusal(write(good))


def test_a_day_of_zeros_but_one_is_seen(write, good):
    lines = [f"{line.split(',')[0]},{0 if 24 <= k < 47 else 40}" for k, line in enumerate(good[1:])]
    path = write([good[0], *lines])
    assert "row 26, column price_eur_per_mwh: 23 of 24 prices from 2026-01-01T23:00Z on are zero" in refusal(path)
    series = read_prices(path, zone=BERLIN, allow={"zero_day"}).series
    assert np.flatnonzero(np.isnan(series.price_per_mwh)).tolist() == list(range(24, 48))


def test_an_isolated_zero_is_told_and_kept(write, good):
    good[31] = good[31].split(",")[0] + ",0"
    found = read_prices(write(good), zone=BERLIN)
    assert kinds(found) == {FindingKind.ISOLATED_ZERO}
    assert found.series.price_per_mwh[30] == 0.0


# --- currency and columns --------------------------------------------------------------------------------------------
def test_a_currency_must_be_known(write, good):
    path = write(["time,price_per_mwh", *good[1:]])
    with pytest.raises(CurrencyError, match=r"--currency EUR.*price_eur_per_mwh"):
        read_prices(path, zone=BERLIN)
    assert read_prices(path, zone=BERLIN, currency="SEK").series.currency == "SEK"


def test_a_stated_currency_does_not_convert(write, good):
    with pytest.raises(CurrencyError, match="it is in EUR, not in USD"):
        read_prices(write(good), zone=BERLIN, currency="USD")


def test_two_currencies_need_a_choice(write, good):
    path = write(["time,price_eur_per_mwh,price_usd_per_mwh", *(f"{line},50" for line in good[1:])])
    assert "[mixed_currency]; name the one to trade with --price-column" in refusal(path)
    series = read_prices(path, zone=BERLIN, price_column="price_usd_per_mwh").series
    assert series.currency == "USD"
    assert series.columns["price_eur_per_mwh"].unit == "EUR/MWh"


def test_the_real_price_beside_a_forecast_is_kept(write, good):
    path = write(["time,price_per_mwh,forecast_eur_per_mwh", *(f"{line},50" for line in good[1:])])
    series = read_prices(path, zone=BERLIN, price_column="forecast_eur_per_mwh", currency="EUR").series
    assert (series.price_per_mwh[0], series.values("real_price_per_mwh")[0]) == (50.0, 40.0)


def test_other_columns_come_with_unit_and_a_careful_rule(write, good):
    path = write(["time,price_eur_per_mwh,load_forecast_mw,remark", *(f"{line},50000,hello" for line in good[1:])])
    found = read_prices(path, zone=BERLIN)
    assert found.series.columns["load_forecast_mw"].unit == "MW"
    assert found.series.columns["load_forecast_mw"].rule is AFTER_INTERVAL
    assert {finding.column for finding in found.findings if finding.kind is FindingKind.UNKNOWN_COLUMN} == {"remark"}
    stated = read_prices(path, zone=BERLIN, rules={"load_forecast_mw": BEFORE_DAY_AHEAD_GATE, PRICE: AFTER_INTERVAL})
    assert stated.series.columns["load_forecast_mw"].rule is BEFORE_DAY_AHEAD_GATE
    assert stated.series.rule is AFTER_INTERVAL
    with pytest.raises(UsageError, match="there is no column wind_mw"):
        read_prices(path, zone=BERLIN, rules={"wind_mw": AFTER_INTERVAL})


def test_the_file_of_another_source_is_recognised_not_read(write):
    path = write(["Date, Price, Grid load forecast, Wind power forecast", "2013-01-01 00:00:00,31.05,42497.0,2798.0"])
    with pytest.raises(DataError, match="EPF benchmark: pass --source epf"):
        read_prices(path, zone=BERLIN)


# --- files that are none ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"time,price_eur_per_mwh", "a header and no rows"),
        (b"time,price_eur_per_mwh\n\n\n", "a header and no rows"),
        (b"\x00\x01\x02\x03junk" * 50, "is binary"),
        (b"time;price\n2026;1\n", "separated by ';'"),
        ("time,price\n1,2\n".encode("utf-16"), "UTF-16"),
        (b"PAR1" + b"\x07" * 400 + b"PAR1", "cannot be read"),
        (gzip.compress(b"time,price_eur_per_mwh\n" * 500, mtime=0)[:-20], "damaged gzip"),
        (b"time,price_eur_per_mwh\n2026-01-01T00:00Z,\xe9\n", "row 2 is no UTF-8 text"),
        (b"time,price_eur_per_mwh\n2026-01-01T00:00Z,1,2\n", "row 2 has 3 cells, the header 2"),
        (b"time,price_eur_per_mwh\nyesterday,1\n", "row 2, column time: 'yesterday' is no time"),
        (b"time,price_eur_per_mwh\n2026-01-01T00:00Z,1\n", "a single interval"),
        (b"time,price_eur_per_kwh\n2026-01-01T00:00Z,1\n", "multiply by 1000 and rename"),
    ],
)
def test_what_is_no_price_file_is_said_in_a_sentence(write, content, said):
    with pytest.raises(DataError, match=said):
        read_prices(write(content), zone=BERLIN)


def test_an_absent_file_and_a_folder(tmp_path):
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(DataError, match=r"folder|No such file"):
            read_prices(path)


@pytest.mark.parametrize("seed", range(40))
def test_noise_never_makes_a_traceback(write, good, seed):
    text = "\n".join(good).encode()
    rng = np.random.default_rng(seed)
    noisy = bytearray(text)
    for _ in range(1 + seed % 8):
        noisy[int(rng.integers(len(noisy)))] = int(rng.integers(256))
    content = os.urandom(200) if seed == 0 else bytes(noisy)
    with contextlib.suppress(BattutaError):
        assert read_prices(write(content), zone=BERLIN).series.n_times > 1


def test_a_typed_file_with_odd_types(tmp_path):
    times = pl.datetime_range(pl.datetime(2026, 1, 1), pl.datetime(2026, 1, 1, 1), "1h", time_zone="UTC", eager=True)
    odd = {
        "holds Int64, not times": pl.DataFrame({"time": [1, 2], "price_eur_per_mwh": [1.0, 2.0]}),
        "not numbers": pl.DataFrame({"time": times, "price_eur_per_mwh": [[1.0], [2.0]]}),
        "holds Boolean": pl.DataFrame({"time": times, "price_eur_per_mwh": [True, False]}),
        "holds Date": pl.DataFrame({"time": times.dt.date(), "price_eur_per_mwh": [1.0, 2.0]}),
    }
    for said, frame in odd.items():
        frame.write_parquet(tmp_path / "odd.parquet")
        with pytest.raises(DataError, match=said):
            read_prices(tmp_path / "odd.parquet", zone=BERLIN)


@pytest.mark.slow
def test_millions_of_rows_go_through(tmp_path):
    n_rows = 2_000_000
    times = pl.datetime_range(
        pl.datetime(2020, 1, 1),
        pl.datetime(2020, 1, 1) + pl.duration(minutes=n_rows - 1),
        "1m",
        time_zone="UTC",
        eager=True,
    )
    frame = pl.DataFrame({"time": times, "price_eur_per_mwh": 40.0 + np.arange(n_rows) % 50})
    frame.write_csv(tmp_path / "big.csv", datetime_format="%Y-%m-%dT%H:%M:%S%:z")
    assert read_prices(tmp_path / "big.csv", zone=BERLIN).series.n_times == n_rows
    bad = frame.with_columns(price_eur_per_mwh=pl.lit("text"))
    bad.write_csv(tmp_path / "bad.csv", datetime_format="%Y-%m-%dT%H:%M:%S%:z")
    assert "'text' is no number" in refusal(tmp_path / "bad.csv")


@pytest.mark.parametrize(("mark", "is_synthetic"), [("true", True), (" True ", True), ("false", False)])
def test_a_file_may_say_that_it_is_synthetic(mark, is_synthetic, tmp_path):
    path = tmp_path / "p.csv"
    rows = [f"2026-01-01T{hour:02}:00Z,{hour},{mark}" for hour in range(24)]
    path.write_text("\n".join(["time,price_eur_per_mwh,is_synthetic", *rows]), encoding="utf-8")
    series = read_prices(path, zone="UTC").series
    assert series.is_synthetic is is_synthetic
    assert series.source == ("p.csv (synthetic)" if is_synthetic else "p.csv")
    assert series.money_label.startswith("SYNTHETIC: ") is is_synthetic


@pytest.mark.parametrize(("first", "later"), [("true", "false"), ("true", ""), ("false", "true"), ("yes", "yes")])
def test_a_mark_that_is_not_one_is_refused(first, later, tmp_path):
    path = tmp_path / "p.csv"
    rows = [f"2026-01-01T{hour:02}:00Z,{hour},{later if hour else first}" for hour in range(24)]
    path.write_text("\n".join(["time,price_eur_per_mwh,is_synthetic", *rows]), encoding="utf-8")
    with pytest.raises(ImportRefusedError, match=r"column is_synthetic: .* where every row must say"):
        read_prices(path, zone="UTC")


def test_days_that_wait_for_their_prices_are_let_through(write, hours):
    rows = [f"{line},{30_000 + k}" for k, line in enumerate(hours)]
    rows = [*rows[:48], *(f"{line.split(',')[0]},,{line.split(',')[2]}" for line in rows[48:])]
    path = write(["time,price_eur_per_mwh,load_mw", *rows])
    found = read_prices(path, zone=BERLIN)
    assert np.isnan(found.series.price_per_mwh).tolist() == [False] * 48 + [True] * 24
    assert found.series.values("load_mw")[-1] == 30_071.0
    said = [str(each) for each in found.findings if each.kind is FindingKind.MISSING_VALUE]
    assert len(said) == 1
    assert said[0].startswith("row 50, column price_eur_per_mwh: the last 24 rows of the file have no price yet")


def test_an_end_without_anything_does_not_wait(write, hours):
    rows = [*(f"{line},1" for line in hours[:48]), *(f"{line.split(',')[0]},," for line in hours[48:])]
    assert "no price in 24 rows" in refusal(write(["time,price_eur_per_mwh,load_mw", *rows]))
    rows = [line if k < 48 else f"{line.split(',')[0]}," for k, line in enumerate(hours)]
    assert "no price in 24 rows" in refusal(write(["time,price_eur_per_mwh", *rows]))
