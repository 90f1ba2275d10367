"""Asset files for whoever asks: read one, print its schema, or print an example to start from."""

from __future__ import annotations

import json
from pathlib import Path

from battuta.adapters.files.asset_file import AssetFile, read_site
from battuta.domain.asset import Battery, Site
from battuta.domain.wear import Wear

EXAMPLE = """\
[site]
name = "example site"
timezone = "Europe/Berlin"
currency = "EUR"
import_power_kw_max = 1000.0
export_power_kw_max = 1000.0

[battery]
power_kw = 1000.0
energy_kwh = 2000.0
efficiency_charge = 0.94
efficiency_discharge = 0.94
soc_min = 0.05
soc_max = 0.95
soc_start = 0.5
self_discharge_per_day = 0.001
auxiliary_power_kw = 5.0
wear_per_mwh = 6.0
"""


def site_from_file(path: Path) -> Site:
    """Read an asset file; errors as `battuta.adapters.files.asset_file.read_site`."""
    return read_site(path)


def asset_schema() -> str:
    """JSON Schema of an asset file, as text."""
    return json.dumps(AssetFile.model_json_schema(), indent=2)


def default_site(currency: str = "EUR", timezone: str = "Europe/Berlin") -> Site:
    """Return the site that is traded when no asset file is given: 1 MW / 2 MWh with auxiliaries, losses and wear."""
    battery = Battery(
        power_kw=1000.0,
        energy_kwh=2000.0,
        efficiency_charge=0.94,
        efficiency_discharge=0.94,
        soc_min=0.05,
        soc_max=0.95,
        soc_start=0.5,
        self_discharge_per_day=0.001,
        auxiliary_power_kw=5.0,
        wear=Wear(price_per_mwh=6.0),
    )
    return Site(battery=battery, timezone=timezone, currency=currency, name="built-in 1 MW / 2 MWh example")
