"""Options of ``battuta run``, as typer reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

SitesOption: TypeAlias = Annotated[int, typer.Option("--sites", min=1, help="Number of simulated sites.")]
SeedOption: TypeAlias = Annotated[
    int, typer.Option("--seed", min=0, max=2**64 - 1, help="Seed of the world and of the synthetic market.")
]
SpeedOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--speed", help="Factor of real time, or max; if left out 1 over sockets, 60 in a terminal, else max."
    ),
]
DurationOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--duration", help="How long it lives: 90s, 15min, 6h, 7d; 7d, or 1min over sockets, if left out."),
]
DevicesOption: TypeAlias = Annotated[
    str, typer.Option("--devices", help="simulated: in this process; sunspec: over Modbus sockets.")
]
PricesOption: TypeAlias = Annotated[
    Path | None, typer.Option("--prices", help="Price file; without one, the built-in synthetic market.")
]
AssetOption: TypeAlias = Annotated[
    Path | None, typer.Option("--asset", help="Asset file; without one, a built-in cabinet.")
]
StrategyOption: TypeAlias = Annotated[
    str, typer.Option("--strategy", help="Which strategy trades; the default was chosen on years before any test.")
]
ResponseOption: TypeAlias = Annotated[
    str, typer.Option("--response", help="Grid product that a quarter of the sites answers to; none for no one.")
]
ReactiveOption: TypeAlias = Annotated[
    str, typer.Option("--reactive", help="Q(V) curve by which all sites answer the voltage; none for no one.")
]
DemandOption: TypeAlias = Annotated[
    float,
    typer.Option(
        "--demand-limit-kw", min=0.0, help="Quarter-hour mean of import that each site is to stay under; 0 for none."
    ),
]
FollowOption: TypeAlias = Annotated[
    float, typer.Option("--follow", help="Share of the sites that follow their load instead of the market.")
]
ModulesOption: TypeAlias = Annotated[
    int,
    typer.Option("--modules", min=1, help="Modules with a converter each at every site; 1 for one string as a whole."),
]
ThermostatsOption: TypeAlias = Annotated[
    bool, typer.Option("--thermostats", help="Leave cooling to the chillers' own thermostats.")
]
FaultOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--fault",
        help="Plant a fault, such as leak,site=3,cell=17,size=0.5,start=1h; or random. May be repeated. Kinds and "
        "units of size: leak [A], resistance_rise [share], loose_contact [ohm], sensor_drift [V], "
        "temperature_drift [K], cooling_loss [share], gas [ppm], smoke [percent per metre].",
    ),
]
OrderOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--order", help="A system operator's setpoint, such as site=3,power=20,start=10min,end=1h. May be repeated."
    ),
]
FrequencyOption: TypeAlias = Annotated[
    Path | None, typer.Option("--frequency", help="Recorded frequency (time, frequency_hz) as the sites' grid.")
]
HeadlessOption: TypeAlias = Annotated[bool, typer.Option("--headless", help="Show no live view.")]
NoJournalOption: TypeAlias = Annotated[
    bool, typer.Option("--no-journal", help="Keep no journal; the run cannot be replayed.")
]
RunsOption: TypeAlias = Annotated[Path, typer.Option("--runs-dir", help="Where runs are kept.")]
