import pytest

import battuta as bt


def test_a_site_is_read_from_a_file_or_made_by_name(tmp_path):
    assert bt.Site.from_file("examples/site.toml").currency == "EUR"
    assert bt.Site(battery=bt.Battery(power_kw=500.0, energy_kwh=1000.0)).battery.energy_kwh == 1000.0
    with pytest.raises(bt.BattutaError, match="does not exist"):
        bt.Site.from_file(tmp_path / "none.toml")
