"""The arbitration kernels: their numbers are those of the enums, and a plain twin decides the same."""

import math

import numpy as np
import pytest

from battuta.domain.command import N_OWNERS, Owner, Reason
from battuta.domain.image import N_SIGNALS, Signal
from battuta.site import arbitration_kernels as kernels
from battuta.site.limits import Limit, Loss
from battuta.site.reservations import Reserve

NOW_NS = 1_000


def test_owners_are_those_of_the_domain() -> None:
    assert (kernels.SAFETY, kernels.SYSTEM_OPERATOR, kernels.GRID_CODE) == (0, 1, 2)
    assert [Owner(k).name for k in range(3)] == ["SAFETY", "SYSTEM_OPERATOR", "GRID_CODE"]


@pytest.mark.parametrize(
    "name",
    [
        "RATED_POWER",
        "CONNECTION",
        "BATTERY_LIMIT",
        "SOC_WINDOW",
        "MANDATE",
        "RESERVATION",
        "RAMP",
        "APPARENT_POWER",
        "STALE_TELEMETRY",
        "CONFLICT",
        "COLD_CHARGE",
        "DERATING",
    ],
)
def test_reasons_are_those_of_the_domain(name) -> None:
    assert getattr(kernels, name) == Reason[name]


def test_each_owner_has_the_reason_of_its_name() -> None:
    assert {owner: kernels.reason_of(int(owner)) for owner in Owner} == {owner: Reason[owner.name] for owner in Owner}


@pytest.mark.parametrize(
    ("enum", "names"),
    [
        (
            Signal,
            {
                "SOC": "SOC",
                "CHARGE_MAX": "CHARGE_POWER_KW_MAX",
                "DISCHARGE_MAX": "DISCHARGE_POWER_KW_MAX",
                "AUXILIARY": "AUXILIARY_POWER_KW",
                "LOAD": "LOAD_KW",
                "PV": "PV_KW",
                "COLDEST_C": "CELL_TEMPERATURE_C_MIN",
                "HOTTEST_C": "CELL_TEMPERATURE_C_MAX",
            },
        ),
        (
            Limit,
            {
                "POWER": "POWER_KW",
                "APPARENT": "APPARENT_POWER_KVA",
                "ENERGY": "ENERGY_KWH",
                "IMPORT_MAX": "IMPORT_POWER_KW_MAX",
                "EXPORT_MAX": "EXPORT_POWER_KW_MAX",
                "SOC_MIN": "SOC_MIN",
                "SOC_MAX": "SOC_MAX",
                "EFFICIENCY_CHARGE": "EFFICIENCY_CHARGE",
                "EFFICIENCY_DISCHARGE": "EFFICIENCY_DISCHARGE",
                "MODE_RAMP": "MODE_RAMP_KW_PER_S",
                "SAFE_RAMP": "SAFE_RAMP_KW_PER_S",
                "MANDATE_CHARGE": "MANDATE_CHARGE_KW_MAX",
                "MANDATE_DISCHARGE": "MANDATE_DISCHARGE_KW_MAX",
                "DERATED_POWER": "DERATED_POWER_KW_MAX",
                "DERATED_C_MAX": "DERATED_TEMPERATURE_C_MAX",
                "DERATED_SOC_MIN": "DERATED_SOC_MIN",
                "DERATED_SOC_MAX": "DERATED_SOC_MAX",
            },
        ),
        (
            Reserve,
            {"UP": "UP_KW", "DOWN": "DOWN_KW", "ENERGY_UP": "ENERGY_UP_KWH", "ENERGY_DOWN": "ENERGY_DOWN_KWH"},
        ),
    ],
)
def test_rows_are_those_of_the_tables(enum, names) -> None:
    assert {name: getattr(kernels, name) for name in names} == {name: enum[row] for name, row in names.items()}


def clamp(value, low, high):
    return float(np.minimum(np.maximum(value, low), high))


class Twin:
    """The same rules in plain Python, one site at a time, without the kernel's code."""

    def __init__(self, image, limits, wanted_kw, expires_ns, reserves, safe_kw, lost, step_s) -> None:
        self.image, self.limits, self.wanted_kw, self.expires_ns = image, limits, wanted_kw, expires_ns
        self.reserves, self.safe_kw, self.lost, self.step_s = reserves, safe_kw, lost, step_s

    def within(self, interval, low_kw, high_kw, reason):
        """Narrow (low, high, why_low, why_high); an end moves only where it becomes tighter."""
        low, high, why_low, why_high = interval
        new_low, new_high = clamp(low_kw, low, high), clamp(high_kw, low, high)
        return new_low, new_high, reason if new_low > low else why_low, reason if new_high < high else why_high

    def limited(self, i, reactive_kvar):
        row = {limit: self.limits[limit, i] for limit in Limit}
        said = {signal: self.image[signal, i] for signal in Signal}
        rated_kw = row[Limit.POWER_KW]
        interval = (-rated_kw, rated_kw, Reason.RATED_POWER, Reason.RATED_POWER)
        active_kw = np.sqrt(max(row[Limit.APPARENT_POWER_KVA] ** 2 - reactive_kvar**2, 0.0))
        interval = self.within(interval, -active_kw, active_kw, Reason.APPARENT_POWER)
        if not self.lost[i] & (1 << Loss.BATTERY):
            charge_kw, discharge_kw = said[Signal.CHARGE_POWER_KW_MAX], said[Signal.DISCHARGE_POWER_KW_MAX]
            interval = self.within(interval, -charge_kw, discharge_kw, Reason.BATTERY_LIMIT)
            points_c = [row[Limit.CHARGE_TEMPERATURE_C_MIN], row[Limit.FULL_CHARGE_TEMPERATURE_C_MIN]]
            coldest_c = said[Signal.CELL_TEMPERATURE_C_MIN]
            share = 0.0 if math.isnan(coldest_c) else np.interp(coldest_c, points_c, [0.0, 1.0])
            if share < 1.0 and (interval[2] == Reason.BATTERY_LIMIT or -share * rated_kw > interval[0]):
                interval = (*interval[:2], Reason.COLD_CHARGE, interval[3])
            interval = self.within(interval, -share * rated_kw, np.inf, Reason.COLD_CHARGE)
            in_kw, out_kw = self.window(i, row[Limit.SOC_MIN], row[Limit.SOC_MAX])
            by_finding = 1.0 > row[Limit.SOC_MAX] >= row[Limit.DERATED_SOC_MAX]
            interval = self.within(interval, in_kw, np.inf, Reason.DERATING if by_finding else Reason.SOC_WINDOW)
            by_finding = 0.0 < row[Limit.SOC_MIN] <= row[Limit.DERATED_SOC_MIN]
            interval = self.within(interval, -np.inf, out_kw, Reason.DERATING if by_finding else Reason.SOC_WINDOW)
            highest_c, hottest_c = row[Limit.DERATED_TEMPERATURE_C_MAX], said[Signal.CELL_TEMPERATURE_C_MAX]
            if np.isfinite(highest_c):
                warm = 0.0 if math.isnan(hottest_c) else np.interp(hottest_c, [highest_c - 5.0, highest_c], [1.0, 0.0])
                interval = self.within(interval, -warm * rated_kw, warm * rated_kw, Reason.DERATING)
        derated_kw = row[Limit.DERATED_POWER_KW_MAX]
        interval = self.within(interval, -derated_kw, derated_kw, Reason.DERATING)
        if not self.lost[i] & (1 << Loss.METER):
            net_kw = said[Signal.LOAD_KW] + said[Signal.AUXILIARY_POWER_KW] - said[Signal.PV_KW]
            net_kw += row[Limit.NO_LOAD_LOSS_KW] + row[Limit.LOAD_LOSS_PER_KW] * reactive_kvar**2
            low_kw = self.behind(net_kw - row[Limit.IMPORT_POWER_KW_MAX], row[Limit.LOAD_LOSS_PER_KW])
            high_kw = self.behind(net_kw + row[Limit.EXPORT_POWER_KW_MAX], row[Limit.LOAD_LOSS_PER_KW])
            interval = self.within(interval, low_kw, high_kw, Reason.CONNECTION)
        charge_kw, discharge_kw = row[Limit.MANDATE_CHARGE_KW_MAX], row[Limit.MANDATE_DISCHARGE_KW_MAX]
        return self.within(interval, -charge_kw, discharge_kw, Reason.MANDATE)

    def behind(self, after_kw, loss_per_kw):
        """Power before a transformer that leaves this much after its load loss; the smaller root of the parabola."""
        if loss_per_kw == 0.0 or not math.isfinite(after_kw):
            return after_kw
        roots = np.roots([loss_per_kw, -1.0, after_kw])
        return float(roots.real.min()) if np.isreal(roots).all() else 0.5 / loss_per_kw

    def window(self, i, floor, ceiling):
        """Power that the energy to a floor and a ceiling lasts a minute for."""
        soc, energy_kwh = self.image[Signal.SOC, i], self.limits[Limit.ENERGY_KWH, i]
        out_kw = max(soc - floor, 0.0) * (60.0 * energy_kwh) * self.limits[Limit.EFFICIENCY_DISCHARGE, i]
        in_kw = max(ceiling - soc, 0.0) * (60.0 * energy_kwh) / self.limits[Limit.EFFICIENCY_CHARGE, i]
        return -in_kw, out_kw

    def reserved(self, i, interval):
        low, high = interval[:2]
        up, down, energy_up, energy_down, _ = self.reserves[:, i]
        low_room, high_room = low + down, high - up
        is_conflict = low_room > high_room or low_room > max(low, 0.0) or high_room < min(high, 0.0)
        low_room, high_room = min(low_room, max(low, 0.0)), max(high_room, min(high, 0.0))
        if low_room > high_room:
            low_room = high_room = clamp((low_room + high_room) / 2.0, low, high)
        energy_kwh = self.limits[Limit.ENERGY_KWH, i]
        floor = self.limits[Limit.SOC_MIN, i] + energy_up / (energy_kwh * self.limits[Limit.EFFICIENCY_DISCHARGE, i])
        ceiling = self.limits[Limit.SOC_MAX, i] - energy_down * self.limits[Limit.EFFICIENCY_CHARGE, i] / energy_kwh
        low_kept, high_kept = self.window(i, floor, ceiling)
        room = clamp(low_kept, low_room, high_room), clamp(high_kept, low_room, high_room)
        return self.within(interval, *room, Reason.RESERVATION), is_conflict

    def decide(self, i, base, blend, reactive_kvar, armed_share, owner_before):
        safe_kw = self.safe_kw[i]
        is_lost = math.isnan(safe_kw)  # NaN: nothing is lost
        is_lost = not is_lost
        interval, conflict, target, chosen = self.limited(i, reactive_kvar), False, None, Owner.REST
        guard_ends = None
        for owner in Owner:
            if owner == Owner.COOLING:
                guard_ends = interval[:2]
                if not is_lost:
                    interval, is_conflict = self.reserved(i, interval)
                    conflict |= is_conflict
            if self.expires_ns[owner, i] > NOW_NS and not (is_lost and owner > Owner.GRID_CODE):
                low_kw, high_kw, preferred_kw = self.wanted_kw[:, owner, i]
                conflict |= bool(low_kw > interval[1] or high_kw < interval[0])
                interval = self.within(interval, low_kw, high_kw, Reason[owner.name])
                if target is None and not math.isnan(preferred_kw):
                    target, chosen = preferred_kw, owner
        if is_lost:
            blend, chosen, bits = 0.0, Owner.SAFETY, Reason.STALE_TELEMETRY
            largest = self.limits[Limit.SAFE_RAMP_KW_PER_S, i] * self.step_s
            wish = base + clamp(safe_kw - base, -largest, largest)
        else:
            target = 0.0 if target is None else clamp(target, *(np.array([-2.0, 2.0]) * self.limits[Limit.POWER_KW, i]))
            if chosen in (Owner.SAFETY, Owner.SYSTEM_OPERATOR):
                blend = 0.0
            elif chosen != owner_before:
                blend = base - target
            largest = self.limits[Limit.MODE_RAMP_KW_PER_S, i] * self.step_s
            blend += clamp(-blend, -largest, largest)
            wish, bits = target + blend, Reason[Owner(chosen).name] | (Reason.RAMP if blend != 0.0 else 0)
        low, high, why_low, why_high = interval
        base = clamp(wish, low, high)
        bits |= why_low if base > wish else (why_high if base < wish else 0)
        bits |= Reason.CONFLICT if conflict and not is_lost else 0
        up, down = self.reserves[:2, i]
        moved = self.limits[Limit.SAFE_RAMP_KW_PER_S, i] / self.limits[Limit.POWER_KW, i] * self.step_s
        armed_share = clamp(0.0 if is_lost else 1.0, armed_share - moved, armed_share + moved)
        armed = max(0.0, min(up, guard_ends[1] - base)), max(0.0, min(down, base - guard_ends[0]))
        return base, blend, chosen, (*guard_ends, *(armed_share * each for each in armed)), armed_share, int(bits)


def some_sites(random, n_sites):
    """Random sites of every kind: tight and loose limits, contradictions, awards beyond the rating, losses."""
    image = np.zeros((N_SIGNALS, n_sites))
    image[Signal.SOC] = random.choice([0.0, 0.001, 0.1, 0.5, 0.9, 1.0], n_sites)
    for signal in (Signal.CHARGE_POWER_KW_MAX, Signal.DISCHARGE_POWER_KW_MAX):
        image[signal] = random.choice([0.0, 33.3, 80.0, 200.0], n_sites)
    for signal in (Signal.LOAD_KW, Signal.PV_KW, Signal.AUXILIARY_POWER_KW):
        image[signal] = random.uniform(0.0, 90.0, n_sites)
    image[Signal.CELL_TEMPERATURE_C_MIN] = random.choice([25.0, 25.0, 7.0, 0.0, -5.0, np.nan], n_sites)
    limits = np.zeros((len(Limit), n_sites))
    limits[Limit.POWER_KW] = 100.0
    limits[Limit.FULL_CHARGE_TEMPERATURE_C_MIN] = 10.0
    limits[Limit.NO_LOAD_LOSS_KW] = random.choice([0.0, 1.5], n_sites)
    limits[Limit.LOAD_LOSS_PER_KW] = random.choice([0.0, 2e-4, 2e-3], n_sites)
    limits[Limit.APPARENT_POWER_KVA] = random.uniform(100.0, 120.0, n_sites)
    limits[Limit.ENERGY_KWH] = random.uniform(50.0, 400.0, n_sites)
    for limit in (Limit.IMPORT_POWER_KW_MAX, Limit.EXPORT_POWER_KW_MAX):
        limits[limit] = random.choice([np.inf, 10.0, 60.0], n_sites)
    image[Signal.CELL_TEMPERATURE_C_MAX] = random.choice([25.0, 42.0, 60.0, np.nan], n_sites)
    limits[Limit.DERATED_POWER_KW_MAX] = random.choice([np.inf, np.inf, 50.0, 0.0], n_sites)
    limits[Limit.DERATED_TEMPERATURE_C_MAX] = random.choice([np.inf, np.inf, 45.0], n_sites)
    limits[Limit.DERATED_SOC_MIN] = random.choice([0.0, 0.05], n_sites)
    limits[Limit.DERATED_SOC_MAX] = random.choice([1.0, 0.95], n_sites)
    limits[Limit.SOC_MIN], limits[Limit.SOC_MAX] = 0.05, 0.95
    limits[Limit.EFFICIENCY_CHARGE], limits[Limit.EFFICIENCY_DISCHARGE] = 0.93, 0.96
    limits[Limit.MODE_RAMP_KW_PER_S] = random.choice([np.inf, 5.0], n_sites)
    limits[Limit.SAFE_RAMP_KW_PER_S] = 100.0 / 30.0
    for limit in (Limit.MANDATE_CHARGE_KW_MAX, Limit.MANDATE_DISCHARGE_KW_MAX):
        limits[limit] = random.choice([0.0, 70.0, 100.0], n_sites)
    middle, half = random.uniform(-90, 90, (N_OWNERS, n_sites)), random.choice([0.0, 20.0, np.inf], (N_OWNERS, n_sites))
    preferred = np.where(random.random((N_OWNERS, n_sites)) < 0.5, middle, np.nan)
    preferred = np.where(random.random((N_OWNERS, n_sites)) < 0.05, 1e6, preferred)
    wanted_kw = np.array([middle - half, middle + half, preferred])
    expires_ns = random.choice([0, NOW_NS, NOW_NS + 1], (N_OWNERS, n_sites), p=[0.5, 0.2, 0.3])
    reserves = random.choice([0.0, 0.0, 25.0, 120.0], (5, n_sites))
    near = random.uniform(-0.001, 0.002, n_sites)  # a third of the sites stand where reserved energy begins to matter
    floor = 0.05 + reserves[Reserve.ENERGY_UP_KWH] / limits[Limit.ENERGY_KWH] / 0.96
    ceiling = 0.95 - reserves[Reserve.ENERGY_DOWN_KWH] / limits[Limit.ENERGY_KWH] * 0.93
    image[Signal.SOC, ::3], image[Signal.SOC, 1::3] = (floor + near)[::3], (ceiling - near)[1::3]
    safe_kw = random.choice([np.nan, np.nan, np.nan, 0.0, 60.0], n_sites)
    lost = np.where(np.isnan(safe_kw), 0, random.integers(1, 32, n_sites))
    return image, limits, wanted_kw, expires_ns, reserves, safe_kw, lost


@pytest.mark.parametrize("seed", range(4))
def test_the_kernel_decides_as_its_plain_twin(seed) -> None:
    random, n_sites = np.random.default_rng(seed), 120
    image, limits, wanted_kw, expires_ns, reserves, safe_kw, lost = some_sites(random, n_sites)
    state = random.uniform(-50.0, 50.0, (4, n_sites))
    state[kernels.ARMED_SHARE] = random.choice([0.0, 0.5, 0.99, 1.0], n_sites)
    state[kernels.BLEND, ::2] = 0.0
    owner = random.integers(0, N_OWNERS, n_sites)
    twin = Twin(image, limits, wanted_kw, expires_ns, reserves, safe_kw, lost, 0.9)
    expected = [twin.decide(i, *state[:, i], owner[i]) for i in range(n_sites)]
    bounds_kw, reason = np.empty((4, n_sites)), np.empty(n_sites, dtype=np.int64)
    kernels.arbitrate_sites(
        image, limits, wanted_kw, expires_ns, reserves, safe_kw, lost, NOW_NS, 0.9, state, owner, bounds_kw, reason
    )
    base_kw, blend_kw, chosen, ends_kw, shares, bits = zip(*expected, strict=True)
    np.testing.assert_allclose(state[kernels.BASE], base_kw, atol=1e-9, rtol=0, err_msg=f"seed {seed}")
    np.testing.assert_allclose(state[kernels.BLEND], blend_kw, atol=1e-12, rtol=0, err_msg=f"seed {seed}")
    np.testing.assert_allclose(bounds_kw.T, ends_kw, atol=1e-9, rtol=0, err_msg=f"seed {seed}")
    np.testing.assert_allclose(state[kernels.ARMED_SHARE], shares, atol=1e-12, rtol=0, err_msg=f"seed {seed}")
    assert owner.tolist() == [int(each) for each in chosen], f"seed {seed}"
    assert reason.tolist() == list(bits), f"seed {seed}"


@pytest.mark.parametrize("ends_kw", [(math.nan, math.nan), (math.nan, np.inf), (-np.inf, math.nan)])
def test_an_end_that_is_no_number_is_no_opinion(ends_kw) -> None:
    assert kernels.narrow(-10.0, 10.0, *ends_kw) == (-10.0, 10.0, False, False)


def test_an_infinite_wish_is_all_there_is_and_leaves_nothing_behind() -> None:
    limits = some_sites(np.random.default_rng(0), 1)[1]
    limits[[Limit.MANDATE_CHARGE_KW_MAX, Limit.MANDATE_DISCHARGE_KW_MAX, Limit.MODE_RAMP_KW_PER_S]] = 100.0
    limits[[Limit.IMPORT_POWER_KW_MAX, Limit.EXPORT_POWER_KW_MAX]] = np.inf
    limits[[Limit.DERATED_POWER_KW_MAX, Limit.DERATED_TEMPERATURE_C_MAX]] = np.inf
    image = np.zeros((N_SIGNALS, 1))
    image[Signal.SOC], image[[Signal.CHARGE_POWER_KW_MAX, Signal.DISCHARGE_POWER_KW_MAX]] = 0.5, 100.0
    wanted_kw, expires_ns = np.full((3, N_OWNERS, 1), np.nan), np.zeros((N_OWNERS, 1), dtype=np.int64)
    image[Signal.CELL_TEMPERATURE_C_MIN] = 25.0
    state, owner = np.zeros((4, 1)), np.full(1, int(Owner.REST))
    bounds_kw, reason = np.empty((4, 1)), np.empty(1, dtype=np.int64)
    expires_ns[Owner.MARKET] = NOW_NS + 1
    for wish_kw, expected_kw in ((np.inf, 100.0), (np.inf, 100.0), (-30.0, -30.0)):
        wanted_kw[2, Owner.MARKET] = wish_kw
        kernels.arbitrate_sites(
            image, limits, wanted_kw, expires_ns, np.zeros((5, 1)), np.full(1, np.nan), np.zeros(1, dtype=np.int64),
            NOW_NS, 1.0, state, owner,
            bounds_kw, reason,
        )  # fmt: skip
        assert np.isfinite(state).all()
        assert state[kernels.BASE, 0] == expected_kw


def test_a_meeting_of_two_intervals_that_do_not_meet_is_the_nearest_end() -> None:
    assert kernels.narrow(-10.0, 10.0, 20.0, 30.0) == (10.0, 10.0, True, False)
    assert kernels.narrow(-10.0, 10.0, -30.0, -20.0) == (-10.0, -10.0, False, True)
    assert kernels.narrow(-10.0, 10.0, -5.0, 30.0) == (-5.0, 10.0, True, False)


def test_the_first_silent_instrument_names_the_safe_power() -> None:
    age_s = np.array([[0.0, 9.0, 0.0, np.nan], [0.0, 9.0, 0.0, 0.0], [0.0, 0.0, 5.1, 0.0]])
    safe_kw = np.array([[1.0] * 4, [2.0] * 4, [3.0] * 4])
    missing = np.zeros((3, 4), dtype=np.bool_)
    out_kw, lost = np.empty(4), np.empty(4, dtype=np.int64)
    kernels.lost_power_kw(age_s, missing, safe_kw, 5.0, out_kw, lost)
    np.testing.assert_equal(out_kw, [np.nan, 1.0, 3.0, 1.0])
    assert lost.tolist() == [0, 3, 4, 1]
    missing[1, 0] = True
    kernels.lost_power_kw(age_s, missing, safe_kw, 5.0, out_kw, lost)
    assert out_kw[0] == 2.0
    bits = [1 << each for each in (Loss.METER, Loss.BATTERY, Loss.CONVERTER, Loss.CLOCK)]
    assert bits == [kernels.LOST_METER, kernels.LOST_BATTERY, kernels.LOST_CONVERTER, kernels.LOST_CLOCK]
