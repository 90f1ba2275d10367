"""Wear tables on the disk, and the assets that are scheduled with them."""

import json
from pathlib import Path

import numpy as np
import pytest

from battuta.adapters.files.asset_file import read_site
from battuta.adapters.files.wear_table_file import read_wear_table, wear_table_text
from battuta.domain.errors import DataError
from unit.domain.test_wear_table import TABLE

ASSET = '[battery]\npower_kw = 1000.0\nenergy_kwh = 2000.0\nwear_table = "wear.json"\n'


def written(tmp_path, *, asset=ASSET, **changes):
    held = {**json.loads(wear_table_text(TABLE)), **changes}
    (tmp_path / "wear.json").write_text(json.dumps(held), encoding="utf-8")
    path = tmp_path / "asset.toml"
    path.write_text(asset, encoding="utf-8")
    return path


def test_what_is_written_is_read_back(tmp_path):
    path = tmp_path / "wear.json"
    path.write_text(wear_table_text(TABLE), encoding="utf-8")
    found = read_wear_table(path)
    for name in ("c_rate", "depth", "soc", "temperature_c", "cycle_cost_per_mwh", "rest_cost_per_mwh_h"):
        assert np.array_equal(getattr(found, name), getattr(TABLE, name)), name
    assert (found.study_hash, found.currency, dict(found.law_shares)) == (
        "0123456789abcdef",
        "EUR",
        {"naumann_lfp": 1.0},
    )


def test_an_asset_is_worn_by_its_table_from_beside_it(tmp_path):
    wear = read_site(written(tmp_path)).battery.wear
    assert wear == TABLE.wear(energy_kwh=2000.0, soc_min=0.0, soc_max=1.0, efficiency_discharge=1.0, c_rate=0.5)
    old = read_site(written(tmp_path, asset=ASSET + "wear_year_of_life = 2\nwear_temperature_c = 40.0\n")).battery.wear
    assert old.price_per_mwh == 3.0
    assert old.calendar_per_hour is not None
    assert old.calendar_per_hour.y == (0.2, 0.8)


@pytest.mark.parametrize(
    ("asset", "changes", "said"),
    [
        (ASSET, {"currency": "USD"}, "wear.json counts in USD, the site in EUR"),
        (ASSET, {"cycle_cost_per_mwh": [[[0.0]]]}, "cycle_cost_per_mwh has shape"),
        (ASSET, {"cycle_cost_per_mwh": [[[0.0], [0.0, 1.0]]]}, "wear.json"),
        (ASSET, {"currency": "euro"}, "currency"),
        (ASSET, {"surplus": 1.0}, "surplus"),
        (ASSET, {"format": "battuta wear table 9"}, "format"),
        (ASSET + "wear_per_mwh = 6.0\n", {}, "battery.wear_table and battery.wear_per_mwh say the same thing twice"),
        (ASSET + "wear_year_of_life = 3\n", {}, "year_of_life = 3 is outside the wear table"),
        (ASSET + "wear_year_of_life = 0\n", {}, "battery.wear_year_of_life"),
        (ASSET.replace("power_kw = 1000.0", "power_kw = 4000.0"), {}, "c_rate = 2 1/h is outside the wear table"),
        (ASSET.replace("wear.json", "no.json"), {}, "battuta twin STUDY --wear-table no.json"),
        (ASSET.replace("energy_kwh = 2000.0", "energy_kwh = 0.0"), {}, "energy_kwh"),
        (
            "[battery]\npower_kw = 1.0\nenergy_kwh = 2.0\nwear_year_of_life = 2\n",
            {},
            "battery.wear_year_of_life says how to read a wear table",
        ),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, asset, changes, said):
    with pytest.raises(DataError) as caught:
        read_site(written(tmp_path, asset=asset, **changes))
    assert said in str(caught.value)


def test_a_file_that_is_no_table_is_named(tmp_path):
    (tmp_path / "wear.json").write_bytes(b"\xff{")
    with pytest.raises(DataError, match=r"wear\.json is not a wear table"):
        read_wear_table(tmp_path / "wear.json")
    with pytest.raises(DataError, match="cannot be read"):
        read_wear_table(tmp_path)
    with pytest.raises(DataError, match="is a pipe or a device"):
        read_wear_table(Path("/dev/null"))
