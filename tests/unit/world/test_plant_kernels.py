"""Each pass over cells or sites does what NumPy does in many."""

import numpy as np

from battuta.physics.pcs import notton_pcs, pcs_rows
from battuta.physics.pcs_kernels import ac_to_dc, dc_to_ac, pcs_follow
from battuta.world import plant_kernels as kernels

CHARGE = np.array([[0.0, 0.0], [10.0, 1.0], [45.0, 1.0], [55.0, 0.0]])
DISCHARGE = np.array([[-30.0, 0.0], [0.0, 1.0], [50.0, 1.0], [60.0, 0.0]])


def test_it_sees_what_numpy_sees() -> None:
    rng = np.random.default_rng(5)
    volts, degrees, soc = (
        rng.uniform(2.4, 3.7, (6, 9)),
        rng.uniform(-20.0, 62.0, (6, 9)),
        rng.uniform(0.0, 0.999, (6, 9)),
    )
    volts[0], degrees[0] = rng.uniform(3.2, 3.58, 9), rng.uniform(4.0, 48.0, 9)
    seen = np.empty((kernels.N_SEEN, 6))
    kernels.look_at_cells(
        volts.ravel(), degrees.ravel(), soc.ravel(), np.array([2.5, 3.6]), 0.05, CHARGE, DISCHARGE, seen
    )
    charge = np.clip((3.6 - volts.max(axis=1)) / 0.05, 0.0, 1.0)
    discharge = np.clip((volts.min(axis=1) - 2.5) / 0.2, 0.0, 1.0)
    charge = np.minimum(charge, (1.0 - soc.max(axis=1)) / kernels.FULL_TAPER_SOC)
    discharge = np.minimum(discharge, soc.min(axis=1) / kernels.FULL_TAPER_SOC)
    for edge in (degrees.min(axis=1), degrees.max(axis=1)):
        charge = np.minimum(charge, np.interp(edge, CHARGE[:, 0], CHARGE[:, 1]))
        discharge = np.minimum(discharge, np.interp(edge, DISCHARGE[:, 0], DISCHARGE[:, 1]))
    expected = [
        volts.min(axis=1),
        volts.max(axis=1),
        degrees.min(axis=1),
        degrees.mean(axis=1),
        degrees.max(axis=1),
        soc.mean(axis=1),
        charge,
        discharge,
    ]
    np.testing.assert_allclose(seen, expected, rtol=1e-12, atol=1e-12)
    assert 0.0 < seen[kernels.CHARGE_SHARE, 0] < 1.0


def test_frost_allows_no_charge() -> None:
    seen = np.empty((kernels.N_SEEN, 1))
    cells = np.full(4, 3.3)
    kernels.look_at_cells(cells, np.full(4, -5.0), np.full(4, 0.5), np.array([2.5, 3.6]), 0.05, CHARGE, DISCHARGE, seen)
    assert seen[kernels.CHARGE_SHARE, 0] == 0.0
    assert seen[kernels.DISCHARGE_SHARE, 0] > 0.5


RATED_KW = 40.0
ROWS = pcs_rows((notton_pcs("sungrow_sc1000tl_field", RATED_KW),) * 4)
LAG_S, RAMP = np.full(4, 0.05), np.full(4, 10.0)


def followed(setpoint_kw, opened, power_pu):
    followed_kw, wanted = np.empty(setpoint_kw.shape), np.empty((kernels.N_WANTED, 4))
    missing = kernels.follow_second(setpoint_kw, opened, RATED_KW, power_pu, LAG_S, RAMP, ROWS, followed_kw, wanted)
    return missing, followed_kw, wanted


def test_converters_follow_as_numpy_has_it() -> None:
    setpoint_kw = np.random.default_rng(7).uniform(-60.0, 60.0, (4, 20))
    setpoint_kw[3] = 0.5 * RATED_KW
    opened, power_pu, plain_pu = np.array([False, True, False, False]), np.full(4, 0.25), np.full(4, 0.25)
    plain_pu[3] = power_pu[3] = 0.5
    asked_pu = np.where(opened[:, None], 0.0, np.clip(setpoint_kw / RATED_KW, -1.0, 1.0))
    pcs_follow(asked_pu, plain_pu, LAG_S, RAMP, 1.0 / 20.0, out_pu := np.empty((4, 20)))
    mean_kw = out_pu.mean(axis=1) * RATED_KW
    ac_to_dc(mean_kw, ROWS, dc_kw := np.empty(4), loss_kw := np.empty(4))
    rms_kw = np.maximum(np.sqrt((out_pu**2).mean(axis=1)) * RATED_KW, np.abs(dc_kw))
    magnitude_kw = np.maximum(np.abs(out_pu).mean(axis=1) * RATED_KW, np.abs(dc_kw))
    missing, followed_kw, wanted = followed(setpoint_kw, opened, power_pu)
    assert missing == -1
    np.testing.assert_allclose(followed_kw, out_pu * RATED_KW, rtol=1e-13)
    np.testing.assert_allclose(power_pu, plain_pu, rtol=1e-13)
    np.testing.assert_allclose(wanted, [mean_kw, dc_kw, rms_kw, magnitude_kw, loss_kw], rtol=1e-12)
    assert rms_kw[0] > magnitude_kw[0] > abs(dc_kw[0])
    assert rms_kw[3] == magnitude_kw[3] == dc_kw[3] > mean_kw[3]


def test_a_setpoint_that_is_none_is_named() -> None:
    setpoint_kw = np.zeros((4, 20))
    setpoint_kw[2, 5] = np.nan
    assert followed(setpoint_kw, np.zeros(4, dtype=np.bool_), np.zeros(4))[0] == 2


def test_what_a_battery_did_not_give_does_not_flow() -> None:
    wanted = followed(np.tile([[30.0], [30.0], [-30.0], [-30.0]], 20), np.zeros(4, dtype=np.bool_), np.zeros(4))[2]
    achieved_kw = wanted[kernels.DC_KW] * [1.0, 0.5, 1.0, 0.5]
    dc_to_ac(achieved_kw, ROWS, given_kw := np.empty(4), np.empty(4))
    expected_kw = np.where([False, True, False, True], given_kw, wanted[kernels.WANTED_KW])
    room_kvar = np.sqrt((1.1 * RATED_KW) ** 2 - expected_kw**2)
    power_pu, power_kw, reactive_kvar = np.full(4, 9.0), np.empty(4), np.empty(4)
    asked_kvar = np.array([99.0, -99.0, 5.0, -5.0])
    kernels.settle_second(wanted, achieved_kw, asked_kvar, RATED_KW, 2e-4, ROWS, power_pu, power_kw, reactive_kvar)
    np.testing.assert_allclose(power_kw, expected_kw, rtol=1e-13)
    np.testing.assert_allclose(reactive_kvar, [room_kvar[0], -room_kvar[1], 5.0, -5.0], rtol=1e-13)
    np.testing.assert_allclose(power_pu, [9.0, given_kw[1] / RATED_KW, 9.0, given_kw[3] / RATED_KW], rtol=1e-13)


def test_each_quantity_stands_in_its_row() -> None:
    rng = np.random.default_rng(2)
    seen, many = rng.uniform(0.1, 0.9, (kernels.N_SEEN, 2)), rng.uniform(1.0, 9.0, (9, 2))
    ambient_c, load_kw, pv_kw, voltage_pu, power_kw, reactive_kvar, auxiliary_kw, tank_c, setpoint_c = many
    opened, rows, values = (
        np.array([False, True]),
        np.random.default_rng(4).permutation(24)[:21],
        np.full((24, 2), -1.0),
    )
    kernels.write_truth(
        seen, 49.9, ambient_c, load_kw, pv_kw, voltage_pu, power_kw, reactive_kvar, auxiliary_kw, tank_c, setpoint_c,
        opened, np.array([100.0, 2.0, 30.0]), rows, values,
    )  # fmt: skip
    charge, discharge = seen[kernels.CHARGE_SHARE, 0], seen[kernels.DISCHARGE_SHARE, 0]
    expected = {
        kernels.OF_METER_KW: power_kw + pv_kw - load_kw - auxiliary_kw,
        kernels.OF_METER_KVAR: reactive_kvar,
        kernels.OF_METER_PU: voltage_pu,
        kernels.OF_METER_HZ: [49.9, 49.9],
        kernels.OF_CONVERTER_KW: power_kw,
        kernels.OF_CONVERTER_KVAR: reactive_kvar,
        kernels.OF_SOC: seen[kernels.MEAN_SOC],
        kernels.OF_LOWEST_V: seen[kernels.LOWEST_V],
        kernels.OF_HIGHEST_V: seen[kernels.HIGHEST_V],
        kernels.OF_LOWEST_C: seen[kernels.LOWEST_C],
        kernels.OF_MEAN_C: seen[kernels.MEAN_C],
        kernels.OF_HIGHEST_C: seen[kernels.HIGHEST_C],
        kernels.OF_CHARGE_KW: [min(100.0 * charge, 30.0), 0.0],
        kernels.OF_DISCHARGE_KW: [2.0 * discharge, 0.0],
        kernels.OF_AUXILIARY_KW: auxiliary_kw,
        kernels.OF_LOAD_KW: load_kw,
        kernels.OF_PV_KW: pv_kw,
        kernels.OF_COOLANT_C: tank_c,
        kernels.OF_SETPOINT_C: setpoint_c,
        kernels.OF_CHILLER_KW: auxiliary_kw,
        kernels.OF_AMBIENT_C: ambient_c,
    }
    assert len(expected) == rows.size
    for k, value in expected.items():
        np.testing.assert_allclose(values[rows[k]], value, rtol=1e-13, err_msg=str(k))
    assert (np.delete(values, rows, axis=0) == -1.0).all()
