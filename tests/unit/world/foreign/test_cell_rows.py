"""Rows do not overlap, and no number of the memory is two things."""

from battuta.world.foreign import cell_rows as rows


def test_rows_lie_side_by_side() -> None:
    skipped = {"PACK", "MODULE", "N_ROWS", "N_MEMORY"}
    memory = {"SOC_BMS", "TAPER", "FULL", "EMPTY", "AIR_C", "COOLING", "READ_V_MAX", "READ_V_MIN"}
    numbers = {name: value for name, value in vars(rows).items() if isinstance(value, int)}
    places = sorted(value for name, value in numbers.items() if name not in skipped | memory)
    assert places == [rows.PACK * k for k in range(rows.N_ROWS)]
    assert sorted(numbers[name] for name in memory) == list(range(rows.N_MEMORY))
    assert rows.PACK % rows.MODULE == 0
