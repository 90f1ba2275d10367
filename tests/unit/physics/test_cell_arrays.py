from battuta.physics.cell_arrays import CellArrays, CellTables


def test_fields_keep_their_order_because_kernels_are_cached_by_it() -> None:
    assert CellTables._fields[:2] == ("ocv_v", "ocv_integral_v")
    assert CellArrays._fields[:5] == (
        "soc", "hysteresis", "relaxation_v_first", "relaxation_v_last", "temperature_c",
    )  # fmt: skip
    assert CellArrays._fields[-3:] == ("voltage_v", "voltage_v_mean", "heat_w")
