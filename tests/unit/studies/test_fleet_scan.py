"""A fleet is scanned string by string; one that breaks off is named and the others are scanned."""

from collections.abc import Iterator

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.errors import DataError
from battuta.domain.health import FaultClass
from battuta.physics.cell_parameters import cell_parameters
from battuta.ports.telemetry import BlockImport
from battuta.studies.fleet_scan import scan_fleet
from battuta.world.foreign.faults import ForeignFault, ForeignFaultKind
from battuta.world.foreign.foreign_fleet import FleetPlan, StringLife

N_DAYS = 50
LEAK = ForeignFault(kind=ForeignFaultKind.LEAK, string=1, cell=7, start_day=25, size=20.0)
PLAN = FleetPlan(seed=6, n_strings=3, n_cells=48, faults=(LEAK,), has_events=False)


class Fleet:
    """Lives of foreign strings as a source; the last breaks off."""

    refused = ("a.parquet: broken",)

    def strings(self) -> tuple[str, ...]:
        return ("0", "1", "2")

    def read(self, string_id: str) -> Iterator[BlockImport]:
        life = StringLife(PLAN, int(string_id))
        for day in range(N_DAYS):
            if string_id == "2" and day == 3:
                message = "the disk is gone"
                raise DataError(message)
            block = life.block(1)
            yield BlockImport(block=block.named(string_id), findings=())


def test_a_leak_is_found_in_its_string_and_the_rest_is_left_in_peace():
    told: list[tuple[str, int, int]] = []
    found = scan_fleet(Fleet(), cell_parameters("lfp_314ah"), LocalCompute(), progress=lambda *each: told.append(each))
    assert {(each.string_id, each.cell) for each in found.findings} == {("1", 7)}
    assert found.findings[0].fault is FaultClass.MICRO_SHORT
    assert [each.refused for each in found.strings] == ["", "", "the disk is gone"]
    assert [each.n_days for each in found.strings] == [N_DAYS, N_DAYS, 3]
    assert found.n_cells == 3 * 48
    assert found.refused == ("a.parquet: broken",)
    assert told[-1] == ("strings", 3, 3)
