"""Lives of foreign strings, scanned with a recorder beside the watch."""

from collections.abc import Iterator
from functools import cache

from battuta.adapters.compute.local import LocalCompute
from battuta.physics.cell_parameters import cell_parameters
from battuta.ports.telemetry import BlockImport
from battuta.studies.fleet_scan import FleetScan, scan_fleet
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

N_DAYS, N_CELLS, LEAKING = 45, 32, 7
LEAK = ForeignFault(kind=ForeignFaultKind.LEAK, string=1, cell=LEAKING, start_day=25, size=20.0)


class Fleet:
    """Two strings, the second with a leak."""

    refused = ()

    def strings(self) -> tuple[str, ...]:
        return ("0", "1")

    def read(self, string_id: str) -> Iterator[BlockImport]:
        plan = FleetPlan(seed=6, n_strings=2, n_cells=N_CELLS, faults=(LEAK,), has_events=False)
        life = StringLife(plan, int(string_id))
        for _ in range(N_DAYS):
            yield BlockImport(block=life.block(1).named(string_id), findings=())


@cache
def scanned() -> FleetScan:
    """The scan, made once."""
    return scan_fleet(Fleet(), cell_parameters("lfp_314ah"), LocalCompute(), is_recorded=True)
