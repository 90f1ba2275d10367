"""Asset files become sites; what is wrong in them is named with its place."""

import math
from pathlib import Path

import pytest

from battuta.adapters.files.asset_file import parse_site, read_site
from battuta.domain.errors import DataError

ROOT = Path(__file__).parents[4]
PLAIN = "[battery]\npower_kw = 100.0\nenergy_kwh = 200.0\n"


def test_the_example_becomes_a_site():
    site = read_site(ROOT / "examples" / "site.toml")
    assert (site.name, site.timezone, site.currency) == ("Example site", "Europe/Berlin", "EUR")
    assert (site.battery.power_kw, site.battery.energy_kwh) == (1000.0, 2000.0)
    assert site.battery.wear.price_per_mwh == 9.0


def test_what_is_left_out_does_not_bind():
    site = parse_site(PLAIN + "soc_min = 0.1\n", "plain.toml")
    assert site.import_power_kw_max == math.inf
    assert site.battery.ramp_kw_per_minute == math.inf
    assert site.battery.soc_start == 0.1
    assert site.battery.soc_end is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[battery\n", "not valid TOML"),
        ("[battery]\npower_kw = 100.0\n", "battery.energy_kwh"),
        (PLAIN + "power = 5\n", "battery.power"),
        (PLAIN + "soc_max = 1.5\n", "soc_max"),
        (PLAIN + "soc_max = nan\n", "battery.soc_max"),
        (PLAIN + 'soc_max = "full"\n', "battery.soc_max"),
        (PLAIN + 'soc_max = "0.9"\n', "battery.soc_max"),
        (PLAIN + "soc_max = true\n", "battery.soc_max"),
        (PLAIN + "wear_segments = [" + "1.0, " * 101 + "]\n", "battery.wear_segments"),
        ("a = " + "[" * 5000 + "]" * 5000, "nested too deeply"),
        (PLAIN + '[site]\ncurrency = "euro"\n', "site.currency"),
        (PLAIN + '[site]\ntimezone = "Mars/Base"\n', "Mars/Base"),
        (PLAIN + "wear_segments = [2.0, 1.0]\n", "battery.wear_segments"),
        (PLAIN + "charge_taper = [[0.5, 1.0], [0.2, 0.5]]\n", "battery.charge_taper"),
    ],
)
def test_a_fault_is_named(text, said):
    with pytest.raises(DataError) as caught:
        parse_site(text, "asset.toml")
    assert "asset.toml" in str(caught.value)
    assert said in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nowhere\.toml does not exist; write one with: battuta schema asset"):
        read_site(tmp_path / "nowhere.toml")
    (tmp_path / "blob.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match=r"blob\.toml cannot be read as text"):
        read_site(tmp_path / "blob.toml")


def test_a_byte_order_mark_of_an_editor_is_no_fault(tmp_path):
    (tmp_path / "marked.toml").write_text(PLAIN, encoding="utf-8-sig")
    assert read_site(tmp_path / "marked.toml").battery.power_kw == 100.0


def test_whole_numbers_are_numbers():
    assert parse_site("[battery]\npower_kw = 100\nenergy_kwh = 200\ncharge_taper = [[0, 1], [1, 1]]\n", "a").name
