"""Telemetry from files against a warranty: what blocks, folders and a kept memory give is the same."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from battuta.app.warranty_watch import WarrantyQuestion, watched_warranty
from battuta.domain.errors import BattutaError
from unit.app.warranty_case import MINUTES, records


def question(tmp_path, name="log.parquet", **given):
    return WarrantyQuestion(
        terms="assumed_314ah", telemetry=tmp_path / name, start=date(2027, 1, 1), installed_mwh=5.0, **given
    )


def margins(found):
    return {each.name: (each.margin, each.first_breach, each.by_year.tobytes()) for each in found.logged.clauses}


def test_a_cycle_a_day_is_counted_and_labelled(tmp_path):
    records().write_parquet(tmp_path / "log.parquet")
    found = watched_warranty(question(tmp_path))
    cycles = found.logged.clause("full_cycles")
    assert cycles.limit - cycles.margin == pytest.approx(40 * 0.5, rel=1e-9), "half a cycle of discharge, a day"
    assert found.is_synthetic
    assert not found.is_continued
    assert found.logged.as_of == datetime(2027, 2, 10, tzinfo=UTC)
    assert found.logged.n_records == MINUTES


def test_a_folder_and_a_memory_that_is_kept_give_what_one_file_gives(tmp_path):
    whole = records()
    whole.write_parquet(tmp_path / "log.parquet")
    (tmp_path / "folder").mkdir()
    whole[:30_000].write_parquet(tmp_path / "folder" / "a.parquet")
    whole[30_000:].with_columns(whole[30_000:]["time"].dt.strftime("%Y-%m-%dT%H:%M:%S%:z")).write_csv(
        tmp_path / "folder" / "b.csv"
    )
    asked = watched_warranty(question(tmp_path))
    assert margins(watched_warranty(question(tmp_path, "folder"))) == margins(asked)
    kept = question(tmp_path, "folder/a.parquet", state=tmp_path / "site.state")
    watched_warranty(kept)
    last = watched_warranty(replace(kept, telemetry=tmp_path / "folder" / "b.csv"))
    assert margins(last) == margins(asked)
    assert last.is_continued


def test_a_label_of_synthetic_records_is_kept_with_the_memory(tmp_path):
    records(1440).write_parquet(tmp_path / "log.parquet")
    asked = question(tmp_path, state=tmp_path / "site.state")
    watched_warranty(asked)
    records(2880).drop("is_synthetic")[1440:].write_parquet(tmp_path / "log.parquet")
    assert watched_warranty(asked).is_synthetic


def test_a_memory_of_another_battery_is_refused_and_stays_as_it_is(tmp_path):
    records(1440).write_parquet(tmp_path / "log.parquet")
    asked = question(tmp_path, state=tmp_path / "site.state")
    watched_warranty(asked)
    before = (tmp_path / "site.state").read_bytes()
    with pytest.raises(BattutaError, match="kept for another warranty, start, or energy installed"):
        watched_warranty(replace(asked, installed_mwh=4.0))
    assert (tmp_path / "site.state").read_bytes() == before


def test_capacity_tests_and_silence_count(tmp_path):
    records().write_parquet(tmp_path / "log.parquet")
    (tmp_path / "tests.csv").write_text("time,soh_capacity\n2027-02-01T00:00Z,0.90\n", encoding="utf-8")
    later = datetime(2027, 3, 1, tzinfo=UTC)
    opened = datetime(2027, 1, 1, tzinfo=UTC)
    asked = question(tmp_path, capacity_tests=tmp_path / "tests.csv", until=later, opened=opened)
    found = watched_warranty(replace(asked, start=date(2025, 12, 1)))
    capacity = found.logged.clause("soh_capacity")
    assert capacity.margin < 0.0
    assert capacity.first_breach == datetime(2027, 2, 1, tzinfo=UTC)
    silent = found.logged.clause("missing_hours_per_year")
    assert silent.limit - silent.margin == pytest.approx(24 * 19)


def test_a_file_that_breaks_off_leaves_no_memory(tmp_path):
    table = records(2000)
    table.with_columns(soc=np.where(np.arange(2000) == 1999, 55.0, 0.5)).write_parquet(tmp_path / "log.parquet")
    with pytest.raises(BattutaError, match="row 2001, column soc: 55 cannot be"):
        watched_warranty(question(tmp_path, state=tmp_path / "site.state"))
    assert not (tmp_path / "site.state").exists()


def test_a_day_before_the_last_record_is_not_judged_as_if_it_were_that_record(tmp_path):
    records(1440).write_parquet(tmp_path / "log.parquet")
    asked = question(tmp_path, state=tmp_path / "site.state", until=datetime(2027, 1, 1, 12, tzinfo=UTC))
    with pytest.raises(BattutaError, match="lies before the last record, 2027-01-02T00:00:00"):
        watched_warranty(asked)
    assert not (tmp_path / "site.state").exists()


def test_a_memory_that_another_run_kept_meanwhile_is_not_undone(tmp_path):
    records(1440).write_parquet(tmp_path / "log.parquet")
    asked = question(tmp_path, state=tmp_path / "new" / "site.state")
    watched_warranty(asked)
    (tmp_path / "new" / "site.state").unlink()
    with pytest.raises(BattutaError, match=r"site\.state was written by another run meanwhile"):
        watched_warranty(asked, lambda _: (tmp_path / "new" / "site.state").write_bytes(b"theirs"))
    assert (tmp_path / "new" / "site.state").read_bytes() == b"theirs"


def told(tmp_path, power_sign=1.0):
    table = records(3 * 1440)
    minute = np.arange(table.height)
    power_kw = np.where(minute // 240 % 2 == 0, 1000.0, -1000.0)
    soc = 0.9 - np.concatenate(([0.0], np.cumsum(power_kw[1:] / 60.0))) / 5000.0
    table.with_columns(soc=soc, power_kw=power_sign * power_kw).write_parquet(tmp_path / "log.parquet")


def test_power_of_another_sign_or_unit_than_the_charge_beside_it_is_refused(tmp_path):
    told(tmp_path)
    assert watched_warranty(question(tmp_path)).is_checked
    with pytest.raises(BattutaError, match=r"moves by 1e.03 of the energy .* in another unit"):
        watched_warranty(replace(question(tmp_path), installed_mwh=5000.0))
    told(tmp_path, power_sign=-1.0)
    with pytest.raises(BattutaError, match="charge is positive in this record"):
        watched_warranty(question(tmp_path))


def test_totals_are_not_judged_where_use_before_the_record_is_not_known(tmp_path):
    told(tmp_path)
    late = replace(question(tmp_path), start=date(2025, 1, 1), opened=datetime(2027, 1, 1, tzinfo=UTC))
    unknown = watched_warranty(late).logged
    assert np.isnan(unknown.clause("full_cycles").margin)
    assert unknown.clause("full_cycles_per_year").margin > 0.0
    known = watched_warranty(replace(late, full_cycles_before=7999.5)).logged.clause("full_cycles")
    assert known.margin < 0.0
    assert known.first_breach > datetime(2027, 1, 1, tzinfo=UTC)
    assert watched_warranty(question(tmp_path)).logged.hours_on_record == pytest.approx(72.0)
