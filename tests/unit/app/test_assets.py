"""The example of an asset file is one, its schema names its keys, and a site stands ready without a file."""

import json

from battuta.app.assets import EXAMPLE, asset_schema, default_site, site_from_file


def test_the_example_reads_back(tmp_path):
    (tmp_path / "site.toml").write_text(EXAMPLE, encoding="utf-8")
    site = site_from_file(tmp_path / "site.toml")
    assert site.name == "example site"
    assert site.battery == default_site().battery


def test_the_schema_names_keys_and_units():
    schema = json.loads(asset_schema())
    assert set(schema["properties"]) == {"site", "battery"}
    battery = schema["$defs"]["BatteryTable"]
    assert {"power_kw", "energy_kwh"} <= set(battery["required"])
    assert battery["properties"]["power_kw"]["description"].endswith("[kW]")


def test_the_default_site_takes_the_market():
    site = default_site("GBP", "Europe/London")
    assert (site.currency, site.timezone) == ("GBP", "Europe/London")
