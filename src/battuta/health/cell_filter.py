"""The absolute twin of every cell of a string: its charge, its relaxation and its resistance, with error bars."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from battuta.domain.errors import DataError
from battuta.domain.telemetry import Block
from battuta.health import cell_filter_kernels as kernels
from battuta.health import cell_rows_kernels, current_offset_kernels
from battuta.health.cell_filter_kernels import FloatArray32, MillivoltArray
from battuta.health.cell_filter_state import CellFilterState, of_cells
from battuta.health.cell_filter_tables import N_NODES, SOC_HIGH, SOC_LOW, CellLaw
from battuta.numerics.arrays import FloatArray, IntArray

NODES_PER_SOC = (N_NODES - 1) / (SOC_HIGH - SOC_LOW)
CLIP_V = 0.1
"""Largest innovation that counts. [V]"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellEstimates:
    """What the filter says of each cell at some rows.

    Attributes
    ----------
    time_ns : ndarray of int, shape (n_reports,)
        When. [ns]
    soc, soc_deviation : ndarray, shape (n_reports, n_cells)
        State of charge and its standard deviation. [-]
    relaxation_v : ndarray, shape (n_reports, n_cells)
        Voltage of the relaxation, positive after discharge. [V]
    resistance_ohm, resistance_deviation_ohm : ndarray, shape (n_reports, n_cells)
        Resistance at 25 degC and its standard deviation. [ohm]
    consistency : ndarray, shape (n_reports, n_cells)
        Mean of squared innovations over their variance in the last day (NIS); about 1 where the law fits. [-]
    hysteresis_v : ndarray, shape (n_reports,)
        Hysteresis that the string is in, above the curve where positive. [V]
    offset_a, offset_deviation_a : ndarray, shape (n_reports,)
        What the current sensor reads above the truth, and its standard deviation. [A]
    """

    time_ns: IntArray
    soc: FloatArray
    soc_deviation: FloatArray
    relaxation_v: FloatArray
    resistance_ohm: FloatArray
    resistance_deviation_ohm: FloatArray
    consistency: FloatArray
    hysteresis_v: FloatArray
    offset_a: FloatArray
    offset_deviation_a: FloatArray


def millivolts(voltage_v: FloatArray) -> MillivoltArray:
    """Round voltages to whole millivolts as the filter reads them.

    Parameters
    ----------
    voltage_v : ndarray, shape (n_times, n_cells)
        Voltages; NaN is missing. [V]

    Returns
    -------
    ndarray of uint16, shape (n_times, n_cells)
        Voltages; 0 is missing, and so is what no cell has (below 1 V, above 5 V). [mV]

    Examples
    --------
    >>> millivolts(np.array([[3.2874, np.nan, -0.1]]))
    array([[3287,    0,    0]], dtype=uint16)
    """
    in_mv = np.rint(1000.0 * voltage_v)
    is_read = (in_mv >= kernels.MILLIVOLT_MIN) & (in_mv <= kernels.MILLIVOLT_MAX)
    return np.where(is_read, in_mv, 0.0).astype(np.uint16)


def filter_cells(
    law: CellLaw, state: CellFilterState, block: Block, *, report_rows: IntArray | None = None
) -> tuple[CellFilterState, CellEstimates]:
    """Follow all cells of a string over a block of telemetry.

    Blocks may be cut anywhere: the same rows give the same bits.

    Parameters
    ----------
    law : CellLaw
        Kind of the cells.
    state : CellFilterState
        Where the filter stands; it is not changed.
    block : Block
        Telemetry that follows.
    report_rows : ndarray of int, shape (n_reports,), optional
        Rows after which estimates are wanted, ascending; the last row where nothing is said.

    Returns
    -------
    state : CellFilterState
        Where the filter stands after the block.
    estimates : CellEstimates
        Estimates after `report_rows`.
    """
    return filter_millivolts(
        law,
        state,
        time_ns=block.time_ns,
        current_a=block.current_a,
        voltage_mv=millivolts(block.voltage_v),
        temperature_c=block.temperature_c,
        bleed_ah=None if block.bleed_ah is None else block.bleed_ah.astype(np.float32),
        report_rows=report_rows,
    )


def filter_millivolts(
    law: CellLaw, state: CellFilterState, *, time_ns: IntArray, current_a: FloatArray, voltage_mv: MillivoltArray,
    temperature_c: FloatArray, bleed_ah: FloatArray32 | None = None, report_rows: IntArray | None = None,
) -> tuple[CellFilterState, CellEstimates]:  # fmt: skip
    """Follow all cells of a string over rows as stores keep them.

    Parameters
    ----------
    law, state, report_rows
        As in `filter_cells`.
    time_ns, current_a, temperature_c
        As in `Block`.
    voltage_mv : ndarray of uint16, shape (n_times, n_cells)
        Voltages; 0 is missing. [mV]
    bleed_ah : ndarray of float32, shape (n_times, n_cells), optional
        Charge that was bled since the row before. [Ah]

    Returns
    -------
    state, estimates
        As in `filter_cells`.
    """
    _check(state, time_ns, voltage_mv, bleed_ah)
    after, tables, n_times = state.copy(), law.tables, time_ns.shape[0]
    n_blocks = after.cells.shape[0]
    typical_v, typical_factor, offset_a = np.zeros(n_times), np.empty(n_times), np.empty((n_times, 2))
    factor, rows = np.empty((n_times, n_blocks), np.float32), np.empty((n_times, kernels.ROW), np.float32)
    wanted = np.array([n_times - 1], np.int64) if report_rows is None else np.asarray(report_rows, np.int64)
    reports = np.empty((wanted.size, n_blocks, kernels.STATE), np.float32)
    work, constants = np.zeros(kernels.WORK, np.float32), string_constants(law)
    cell_rows_kernels.typical_voltage(voltage_mv, typical_v)
    cell_rows_kernels.resistance_factors(temperature_c, law.activation_k, after.string, typical_factor, factor)
    current_offset_kernels.string_rows(
        time_ns, current_a, typical_v, typical_factor, constants, tables.ocv_v_exact, tables.slopes_v,
        after.time_ns, after.string, np.empty(4), rows, offset_a,
    )  # fmt: skip
    bled = np.empty((0, 0), np.float32) if bleed_ah is None else bleed_ah
    for each in range(n_blocks):
        kernels.filter_block(
            rows, factor, voltage_mv, bled, tables.ocv_v, tables.slope_v, block_constants(law), each, wanted,
            after.cells, work, reports,
        )  # fmt: skip
    return after, _estimates(time_ns, wanted, reports, rows, offset_a, state.n_cells)


def string_constants(law: CellLaw) -> FloatArray:
    """Arrange a law for the kernels of a string, in the order of `current_offset_kernels`."""
    return np.array(
        [
            law.resistance_ohm, law.relaxation_ohm, law.relaxation_s, law.hysteresis_v,
            law.hysteresis_rate, law.noise_v, law.model_v, law.model_share, law.model_soc, law.correlation_s,
            law.throughput_share, law.soc_drift_per_day, law.resistance_drift_per_day, law.offset_a_per_day,
            law.gap_s, SOC_LOW, NODES_PER_SOC, CLIP_V,
            law.curve_v,
        ]
    )  # fmt: skip


def block_constants(law: CellLaw) -> FloatArray32:
    """Arrange a law for the kernels of a block, in the order of `cell_filter_kernels`."""
    values = [
        SOC_LOW,
        NODES_PER_SOC,
        N_NODES - 2,
        law.relaxation_ohm,
        law.model_soc,
        CLIP_V,
        law.resistance_ohm,
        law.curve_v,
    ]
    return np.array(values, dtype=np.float32)


def _check(
    state: CellFilterState, time_ns: IntArray, voltage_mv: MillivoltArray, bleed_ah: FloatArray32 | None
) -> None:
    if voltage_mv.shape != (time_ns.size, state.n_cells):
        message = f"voltages of shape {voltage_mv.shape} do not fit {time_ns.size} rows of {state.n_cells} cells"
        raise DataError(message)
    if time_ns.size and time_ns[0] <= state.time_ns[0]:
        message = f"the first row ({time_ns[0]} ns) is not after the last one filtered ({state.time_ns[0]} ns)"
        raise DataError(message)
    if bleed_ah is None:
        return
    bad = np.argwhere(~np.isfinite(bleed_ah)) if bleed_ah.shape == voltage_mv.shape else np.zeros((1, 2), np.int64)
    if bad.size:
        message = (
            f"bleed_ah has shape {bleed_ah.shape} and is not known at row {bad[0, 0]}, cell {bad[0, 1]}: give every "
            "cell a number in every row, or leave it out where the balancer is not logged"
        )
        raise DataError(message)


def _estimates(
    time_ns: IntArray, wanted: IntArray, reports: FloatArray32, rows: FloatArray32, offset_a: FloatArray, n_cells: int
) -> CellEstimates:
    def of(first: int) -> FloatArray:
        return of_cells(reports, first, n_cells)

    return CellEstimates(
        time_ns=time_ns[wanted],
        soc=of(kernels.SOC),
        soc_deviation=np.sqrt(of(kernels.ZZ)),
        relaxation_v=of(kernels.RELAXATION),
        resistance_ohm=of(kernels.RESISTANCE),
        resistance_deviation_ohm=np.sqrt(of(kernels.RR)),
        consistency=of(kernels.CONSISTENCY),
        hysteresis_v=rows[wanted, kernels.HYSTERESIS_V].astype(np.float64),
        offset_a=offset_a[wanted, 0],
        offset_deviation_a=offset_a[wanted, 1],
    )
