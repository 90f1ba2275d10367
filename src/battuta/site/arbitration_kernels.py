"""Arbitration of many sites in one pass: each rule narrows an interval, the first wish within what is left wins."""

from __future__ import annotations

import math

from battuta._jit import jit
from battuta.numerics.arrays import BoolArray, FloatArray, IntArray
from battuta.physics.grid_connection_kernels import converter_power_kw

# Numbers of domain.command.Owner, bits of domain.command.Reason, rows of domain.image.Signal, site.limits.Limit and
# site.reservations.Reserve; a test holds them equal.
SAFETY, SYSTEM_OPERATOR, GRID_CODE = 0, 1, 2

RATED_POWER, CONNECTION, BATTERY_LIMIT, SOC_WINDOW, MANDATE = 1, 2, 4, 8, 16
OWNER_BITS = 5
RESERVATION = 256
RAMP = 32768
APPARENT_POWER = 65536
STALE_TELEMETRY = 131072
COLD_CHARGE = 4194304
CONFLICT = 8388608
DERATING = 16777216

COLDEST_C, HOTTEST_C = 9, 11
SOC, CHARGE_MAX, DISCHARGE_MAX, AUXILIARY, LOAD, PV = 6, 12, 13, 14, 15, 16
POWER, APPARENT, ENERGY, IMPORT_MAX, EXPORT_MAX, SOC_MIN, SOC_MAX = 0, 1, 2, 3, 4, 5, 6
EFFICIENCY_CHARGE, EFFICIENCY_DISCHARGE, MODE_RAMP, SAFE_RAMP, MANDATE_CHARGE, MANDATE_DISCHARGE = 7, 8, 9, 10, 11, 12
NO_LOAD_LOSS, LOAD_LOSS, CHARGE_C_MIN, CHARGE_C_FULL = 13, 14, 15, 16
DERATED_POWER, DERATED_C_MAX, DERATED_SOC_MIN, DERATED_SOC_MAX = 18, 19, 20, 21
UP, DOWN, ENERGY_UP, ENERGY_DOWN = 0, 1, 2, 3
BASE, BLEND, REACTIVE, ARMED_SHARE = 0, 1, 2, 3
LOST_METER, LOST_BATTERY, LOST_CONVERTER, LOST_CLOCK = 1, 2, 4, 16
GUARD_LOW, GUARD_HIGH, ARMED_UP, ARMED_DOWN = 0, 1, 2, 3

UNLIMITED_KW = 1e12
MINUTES_PER_HOUR = 60.0
"""Energy at the end of a window must last a minute at the power allowed."""
WARM_SPAN_C = 5.0
"""Over how many kelvins below its highest temperature a derated site loses its power, evenly. [K]"""


@jit
def reason_of(owner: int) -> int:
    """Bit of the reason that belongs to an owner."""
    if owner <= GRID_CODE:
        return 1 << (owner + OWNER_BITS)
    return 1 << (owner + OWNER_BITS + 1)


@jit
def narrow(
    low_kw: float, high_kw: float, low_wanted_kw: float, high_wanted_kw: float
) -> tuple[float, float, bool, bool]:
    """Intersect an interval with what comes next; where they do not meet, its end nearest to the other stays.

    Returns the new ends and whether each of them moved.
    """
    low_next = min(max(low_kw, low_wanted_kw), high_kw)
    high_next = max(min(high_kw, high_wanted_kw), low_kw)
    return low_next, high_next, low_next > low_kw, high_next < high_kw


@jit
def charge_share(coldest_c: float, refused_c: float, full_c: float) -> float:
    """Share of the rated power that cold cells may be charged with; none where nobody knows how cold they are.

    Where `refused_c` is minus infinity the battery's own management is left to it.
    """
    if math.isinf(refused_c) or coldest_c >= full_c:
        return 1.0
    if math.isnan(coldest_c):
        return 0.0
    return max((coldest_c - refused_c) / (full_c - refused_c), 0.0)


@jit
def cool_share(hottest_c: float, highest_c: float) -> float:
    """Share of the rated power that a derated site has left by its hottest cell; none where nobody knows how hot it is.

    Where `highest_c` is infinite nothing is derated by temperature.
    """
    if math.isinf(highest_c):
        return 1.0
    if math.isnan(hottest_c):
        return 0.0
    return min(max((highest_c - hottest_c) / WARM_SPAN_C, 0.0), 1.0)


@jit
def limit_interval(
    i: int, image: FloatArray, limits: FloatArray, reactive_kvar: float, lost: int
) -> tuple[float, float, int, int]:
    """Interval of a site by rating, battery, state of charge, connection and mandate, and what set each end.

    `lost` holds the bits of what is silent: only the rules that need it are left out.
    """
    low, high, why_low, why_high = -limits[POWER, i], limits[POWER, i], RATED_POWER, RATED_POWER
    active = math.sqrt(max(limits[APPARENT, i] ** 2 - reactive_kvar**2, 0.0))
    low, high, moved_low, moved_high = narrow(low, high, -active, active)
    why_low = APPARENT_POWER if moved_low else why_low
    why_high = APPARENT_POWER if moved_high else why_high
    derated_kw = limits[DERATED_POWER, i]
    if not lost & LOST_BATTERY:
        derated_kw = min(derated_kw, cool_share(image[HOTTEST_C, i], limits[DERATED_C_MAX, i]) * limits[POWER, i])
        low, high, moved_low, moved_high = narrow(low, high, -image[CHARGE_MAX, i], image[DISCHARGE_MAX, i])
        why_low = BATTERY_LIMIT if moved_low else why_low
        why_high = BATTERY_LIMIT if moved_high else why_high
        warm_share = charge_share(image[COLDEST_C, i], limits[CHARGE_C_MIN, i], limits[CHARGE_C_FULL, i])
        low, _, moved_low, _ = narrow(low, high, -warm_share * limits[POWER, i], high)
        if moved_low or (warm_share < 1.0 and why_low == BATTERY_LIMIT):
            why_low = COLD_CHARGE
        hourly_kw = MINUTES_PER_HOUR * limits[ENERGY, i]
        charge_kw = max(0.0, limits[SOC_MAX, i] - image[SOC, i]) * hourly_kw / limits[EFFICIENCY_CHARGE, i]
        discharge_kw = max(0.0, image[SOC, i] - limits[SOC_MIN, i]) * hourly_kw * limits[EFFICIENCY_DISCHARGE, i]
        low, high, moved_low, moved_high = narrow(low, high, -charge_kw, discharge_kw)
        is_full_early = limits[DERATED_SOC_MAX, i] <= limits[SOC_MAX, i] and limits[SOC_MAX, i] < 1.0
        is_empty_early = limits[DERATED_SOC_MIN, i] >= limits[SOC_MIN, i] and limits[SOC_MIN, i] > 0.0
        why_low = (DERATING if is_full_early else SOC_WINDOW) if moved_low else why_low
        why_high = (DERATING if is_empty_early else SOC_WINDOW) if moved_high else why_high
    low, high, moved_low, moved_high = narrow(low, high, -derated_kw, derated_kw)
    why_low = DERATING if moved_low else why_low
    why_high = DERATING if moved_high else why_high
    if not lost & LOST_METER:
        import_kw, export_kw = min(limits[IMPORT_MAX, i], UNLIMITED_KW), min(limits[EXPORT_MAX, i], UNLIMITED_KW)
        other_kw = image[PV, i] - image[LOAD, i] - image[AUXILIARY, i]
        no_load_kw, per_kw = limits[NO_LOAD_LOSS, i], limits[LOAD_LOSS, i]
        low_allowed_kw = converter_power_kw(-import_kw, reactive_kvar, other_kw, no_load_kw, per_kw)
        high_allowed_kw = converter_power_kw(export_kw, reactive_kvar, other_kw, no_load_kw, per_kw)
        low, high, moved_low, moved_high = narrow(low, high, low_allowed_kw, high_allowed_kw)
        why_low = CONNECTION if moved_low else why_low
        why_high = CONNECTION if moved_high else why_high
    low, high, moved_low, moved_high = narrow(low, high, -limits[MANDATE_CHARGE, i], limits[MANDATE_DISCHARGE, i])
    return low, high, MANDATE if moved_low else why_low, MANDATE if moved_high else why_high


@jit
def reserve_interval(
    i: int, low_kw: float, high_kw: float, soc: float, limits: FloatArray, reserves: FloatArray
) -> tuple[float, float, bool]:
    """Interval of the base that keeps reserved power and energy free, and whether there is none.

    Where the power reserved both ways is more than the interval, the base stays in the middle of what is missing.
    Power or energy missing on one side never forces the battery the other way: that is left to the owner that recovers.
    """
    low_room_kw, high_room_kw = low_kw + reserves[DOWN, i], high_kw - reserves[UP, i]
    rest_low_kw, rest_high_kw = max(low_kw, 0.0), min(high_kw, 0.0)
    conflict = low_room_kw > high_room_kw or low_room_kw > rest_low_kw or high_room_kw < rest_high_kw
    low_room_kw, high_room_kw = min(low_room_kw, rest_low_kw), max(high_room_kw, rest_high_kw)
    if low_room_kw > high_room_kw:
        middle_kw = min(max(0.5 * (low_room_kw + high_room_kw), low_kw), high_kw)
        low_room_kw, high_room_kw = middle_kw, middle_kw
    hourly_kw = MINUTES_PER_HOUR * limits[ENERGY, i]
    floor = limits[SOC_MIN, i] + reserves[ENERGY_UP, i] / (limits[ENERGY, i] * limits[EFFICIENCY_DISCHARGE, i])
    ceiling = limits[SOC_MAX, i] - reserves[ENERGY_DOWN, i] * limits[EFFICIENCY_CHARGE, i] / limits[ENERGY, i]
    discharge_kw = max(0.0, soc - floor) * hourly_kw * limits[EFFICIENCY_DISCHARGE, i]
    charge_kw = max(0.0, ceiling - soc) * hourly_kw / limits[EFFICIENCY_CHARGE, i]
    low, high, _, _ = narrow(low_room_kw, high_room_kw, -charge_kw, discharge_kw)
    return low, high, conflict


@jit
def ramped(value: float, target: float, largest: float) -> float:
    """Move a value towards a target by at most `largest`."""
    return value + min(max(target - value, -largest), largest)


@jit
def arbitrate_sites(
    image: FloatArray,
    limits: FloatArray,
    wanted_kw: FloatArray,
    expires_ns: IntArray,
    reserves: FloatArray,
    safe_power_kw: FloatArray,
    lost: IntArray,
    now_ns: int,
    step_s: float,
    state: FloatArray,
    owner: IntArray,
    bounds_kw: FloatArray,
    reason: IntArray,
) -> None:
    """Decide every site: `state` and `owner` move in place, `bounds_kw` and `reason` are written.

    `safe_power_kw` is NaN where all instruments speak, else where the site has to ramp to; `lost` says what is silent.
    On its way there nobody is heard but safety, the system operator and the grid code.
    """
    for i in range(image.shape[1]):
        is_lost = not math.isnan(safe_power_kw[i])
        low, high, why_low, why_high = limit_interval(i, image, limits, state[REACTIVE, i], lost[i])
        target, chosen, why = math.nan, expires_ns.shape[0] - 1, 0
        for k in range(expires_ns.shape[0]):
            if k == GRID_CODE + 1:  # the guard may use all that is left here; the base keeps reserves free
                bounds_kw[GUARD_LOW, i], bounds_kw[GUARD_HIGH, i] = low, high
                if not is_lost:
                    low_kept, high_kept, conflict = reserve_interval(i, low, high, image[SOC, i], limits, reserves)
                    low, high, moved_low, moved_high = narrow(low, high, low_kept, high_kept)
                    why |= CONFLICT if conflict else 0
                    why_low = RESERVATION if moved_low else why_low
                    why_high = RESERVATION if moved_high else why_high
            if expires_ns[k, i] <= now_ns or (is_lost and k > GRID_CODE):
                continue
            why |= CONFLICT if wanted_kw[0, k, i] > high or wanted_kw[1, k, i] < low else 0
            low, high, moved_low, moved_high = narrow(low, high, wanted_kw[0, k, i], wanted_kw[1, k, i])
            why_low = reason_of(k) if moved_low else why_low
            why_high = reason_of(k) if moved_high else why_high
            if math.isnan(target) and not math.isnan(wanted_kw[2, k, i]):
                target, chosen = wanted_kw[2, k, i], k
        wish, bits = next_wish(i, target, chosen, safe_power_kw[i], limits, step_s, state, owner)
        base = min(max(wish, low), high)
        bits |= why_low if base > wish else (why_high if base < wish else 0)
        state[BASE, i] = base
        reason[i] = bits | (0 if is_lost else why)
        moved = limits[SAFE_RAMP, i] / limits[POWER, i] * step_s  # the response is gone when the base is there
        state[ARMED_SHARE, i] = ramped(state[ARMED_SHARE, i], 0.0 if is_lost else 1.0, moved)
        share = state[ARMED_SHARE, i]
        bounds_kw[ARMED_UP, i] = share * max(0.0, min(reserves[UP, i], bounds_kw[GUARD_HIGH, i] - base))
        bounds_kw[ARMED_DOWN, i] = share * max(0.0, min(reserves[DOWN, i], base - bounds_kw[GUARD_LOW, i]))


@jit
def next_wish(
    i: int,
    target_kw: float,
    chosen: int,
    safe_kw: float,
    limits: FloatArray,
    step_s: float,
    state: FloatArray,
    owner: IntArray,
) -> tuple[float, int]:
    """Where the base would go before its interval: ramped into the safe state, without a bump to a new owner."""
    if not math.isnan(safe_kw):
        state[BLEND, i] = 0.0
        owner[i] = SAFETY
        return ramped(state[BASE, i], safe_kw, limits[SAFE_RAMP, i] * step_s), STALE_TELEMETRY
    bits = reason_of(chosen)
    most_kw = 2.0 * limits[POWER, i]  # "all there is" may be written as infinity, from which no blend comes back
    target_kw = 0.0 if math.isnan(target_kw) else min(max(target_kw, -most_kw), most_kw)
    if chosen in (SAFETY, SYSTEM_OPERATOR):
        state[BLEND, i] = 0.0  # followed exactly
    elif chosen != owner[i]:
        state[BLEND, i] = state[BASE, i] - target_kw
    owner[i] = chosen
    state[BLEND, i] = ramped(state[BLEND, i], 0.0, limits[MODE_RAMP, i] * step_s)
    return target_kw + state[BLEND, i], bits | (RAMP if state[BLEND, i] != 0.0 else 0)


@jit
def lost_power_kw(
    age_s: FloatArray,
    missing: BoolArray,
    safe_power_kw: FloatArray,
    age_limit_s: float,
    out_kw: FloatArray,
    lost: IntArray,
) -> None:
    """Safe power of each site for the first instrument of meter, battery, converter that is silent; NaN where none is.

    `age_s` and `missing` have the order of `site.limits.Loss` for these three; `lost` gets the bits of all of them.
    """
    for i in range(out_kw.shape[0]):
        out_kw[i] = math.nan
        lost[i] = 0
        for k in range(age_s.shape[0] - 1, -1, -1):
            if missing[k, i] or not age_s[k, i] <= age_limit_s:
                out_kw[i] = safe_power_kw[k, i]
                lost[i] |= 1 << k
