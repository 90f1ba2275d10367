"""Spoiled inputs of a price forecast: what is found of faults planted in real columns, and what is refused wrongly.

`python benchmarks/spoiled_inputs.py --json` prints one object and ends with 1 where a goal is not met. Each column of
the open day-ahead sets (of NP, FR, DE and the distributional-network set without their test periods) is learned from
its first two years, then walked day by day. Every 29th day the same fault is planted in a copy: a day of zeros, a
missing day, a day in a unit a thousand times smaller or larger, and a clock an hour late for 1, 3, 7 and 14 days. A
refused day counts as a false alarm unless its own values prove the fault: a value missing, one value all day, nine
tenths zeros, or a hole of zeros, into which a column other than a price or the sun falls within an hour from more than
a fifth of the day's highest value: the source of the zones is known to write zeros where it has no value. What such
sets hold of real faults beyond that, such as a zone whose forecast of load ran an hour early for months, therefore
counts against the check. Rows `judged_` leave
out columns whose clock the check itself calls not to be judged, as planted hours do not show in their own history. The
limits were chosen on these same sets; when a moved clock is taken for that of the source, on zones before 2018 alone.
"""

from __future__ import annotations

import copy
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import numpy as np
from figures import DATA, Figure, answer, questions, say

from battuta.adapters.markets.files.reader import read_prices
from battuta.domain.input_finding import InputFault
from battuta.forecast.spoiled_inputs import ColumnWatch
from battuta.numerics.arrays import FloatArray, IntArray

PRICE = "price_per_mwh"
LEARNED_DAYS, PLANT_EVERY_DAYS = 730, 29
BENCHMARKS = ("epf_NP", "epf_FR", "epf_DE", "epf_PJM_before_test", "epf_BE_before_test", "ddnn_DE_2015_2020")
ZONES = tuple(f"entsoe_{zone}_to_2020" for zone in ("FR", "FI", "PT", "CH", "DE_LU"))
HELD_BACK = {"epf_NP": 728, "epf_FR": 728, "epf_DE": 728, "ddnn_DE_2015_2020": 554}
NOT_KNOWN_AHEAD = "load_mw"
JUDGED_SHARE = 0.75
HOLE_SHARE = 0.2
SHIFTS_DAYS = (1, 3, 7, 14)


@dataclass
class Tally:
    """What was found, by family of columns."""

    days: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    proven: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    planted: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    judged: Counter[tuple[str, str]] = field(default_factory=Counter)
    judged_found: Counter[tuple[str, str]] = field(default_factory=Counter)
    update_ms: list[float] = field(default_factory=list)


def columns(name: str) -> Iterator[tuple[str, FloatArray, IntArray]]:
    """Columns of one file as days, with the offset of the wall clock."""
    source = name.split("_", maxsplit=1)[0]
    allow = ("gap", "missing_value", "zero_day")
    series = read_prices(DATA / "trading" / f"{name}.csv.gz", source=source, allow=allow).series
    n_days = series.n_times // 24 - HELD_BACK.get(name, 0)
    zone = ZoneInfo("America/Chicago" if "PJM" in name else "Europe/Berlin")
    noon = datetime.fromtimestamp(int(series.time_ns[0]) // 10**9, UTC).replace(tzinfo=None) + timedelta(hours=12)
    offsets = [(noon + timedelta(days=day)).replace(tzinfo=zone).utcoffset() for day in range(n_days)]
    offset_h = np.array([int(each.total_seconds()) // 3600 for each in offsets if each is not None])
    for column in (PRICE, *series.columns):
        if column != NOT_KNOWN_AHEAD:
            yield column, series.values(column)[: n_days * 24].reshape(n_days, 24), offset_h


def family_of(name: str, column: str) -> str:
    """Kind of column that the figures speak of."""
    if column == PRICE:
        return "price"
    words = {"load": "load", "solar": "solar", "wind": "wind", "generation": "generation", "renewables": "renewables"}
    kind = next((value for key, value in words.items() if key in column), "fuel")
    return kind if name in BENCHMARKS else f"entsoe_{kind}"


def is_proven(day: FloatArray, family: str) -> bool:
    """Whether the values of a refused day prove the fault by themselves."""
    if np.isnan(day).any() or day.max() == day.min() or np.mean(day == 0.0) >= 0.9:
        return True
    return not family.endswith(("price", "solar", "renewables")) and has_hole(day)


def has_hole(day: FloatArray) -> bool:
    """Whether a day falls to exactly zero, or rises from it, within an hour by more than a fifth of its highest."""
    is_zero, beside = day == 0.0, np.diff(day)
    return bool(np.any((is_zero[1:] ^ is_zero[:-1]) & (np.abs(beside) > HOLE_SHARE * day.max())))


def walk(column: str, family: str, days: FloatArray, offset_h: IntArray, tally: Tally) -> None:
    """Learn a column, walk it day by day, and plant faults in copies of what has been learned."""
    n_learned = min(LEARNED_DAYS, days.shape[0] // 2)
    watch = ColumnWatch(column, days[:n_learned], is_price=column == PRICE, utc_offset_h=offset_h[:n_learned])
    for row in range(n_learned, days.shape[0]):
        if (row - n_learned) % PLANT_EVERY_DAYS == 0:
            plant(watch, family, days, offset_h, row, tally)
        start = process_time()
        found = watch.update(days[row], int(offset_h[row]))
        tally.update_ms.append(1e3 * (process_time() - start))
        tally.days[family] += 1
        tally.told[family] += any(not each.is_refused for each in found)
        if any(each.is_refused for each in found):
            (tally.proven if is_proven(days[row], family) else tally.refused)[family] += 1


def plant(watch: ColumnWatch, family: str, days: FloatArray, offset_h: IntArray, row: int, tally: Tally) -> None:
    """Plant each fault at one day where the true values are sound, and count what is found."""
    whole = days[row - 1 : row + max(SHIFTS_DAYS)]
    if whole.shape[0] <= max(SHIFTS_DAYS) or (family != "fuel" and any(is_proven(day, family) for day in whole)):
        return
    faults = {
        "zeros": (np.zeros(24), InputFault.ZEROS),
        "missing": (np.full(24, np.nan), InputFault.MISSING),
        "times_1000": (days[row] * 1000.0, InputFault.SCALE),
        "per_1000": (days[row] / 1000.0, InputFault.SCALE),
    }
    for name, (day, kind) in faults.items():
        count(watch, family, name, day[None], offset_h[row:], kind, tally)
    if family == "fuel" or any(each.kind is InputFault.SHIFT and each.last_day == row - 1 for each in watch.findings):
        return  # a daily value has no clock, and one that is off already would be found without a plant
    late = np.roll(days.ravel(), 1).reshape(days.shape)
    for n_days in SHIFTS_DAYS:
        count(watch, family, f"hour_{n_days}d", late[row : row + n_days], offset_h[row:], InputFault.SHIFT, tally)


def count(
    watch: ColumnWatch, family: str, name: str, days: FloatArray, offset_h: IntArray, kind: InputFault, tally: Tally
) -> None:
    """Feed planted days to a copy of a watch and count whether the fault was named in time."""
    trial = copy.deepcopy(watch)
    found = [each.kind for day, hours in zip(days, offset_h, strict=False) for each in trial.update(day, int(hours))]
    tally.planted[family, name] += 1
    tally.found[family, name] += kind in found
    if kind is InputFault.SHIFT and watch.seen_share(7) >= JUDGED_SHARE:
        tally.judged[family, name] += 1
        tally.judged_found[family, name] += kind in found


def figures(tally: Tally) -> Iterator[Figure]:
    """Shares found, false alarms, and the time of a day."""
    families = sorted(tally.days)
    for group, chosen in (
        ("benchmarks", [f for f in families if not f.startswith("entsoe")]),
        ("entsoe", [f for f in families if f.startswith("entsoe")]),
    ):
        n_days = sum(tally.days[f] for f in chosen)
        if not n_days:
            continue
        refused = 1e3 * sum(tally.refused[f] for f in chosen) / n_days
        yield Figure(name=f"{group}_column_days", value=n_days, unit="d")
        yield Figure(name=f"{group}_refused_without_proof", value=refused, unit="per 1000 d", goal=1.0)
        yield Figure(name=f"{group}_refused_with_proof", value=sum(tally.proven[f] for f in chosen), unit="d")
        yield Figure(name=f"{group}_told", value=1e3 * sum(tally.told[f] for f in chosen) / n_days, unit="per 1000 d")
    for family, name in sorted(tally.planted):
        share = tally.found[family, name] / tally.planted[family, name]
        is_exact = name in {"zeros", "missing", "times_1000", "per_1000"}
        is_clock = name in {"hour_7d", "hour_14d"} and family.endswith(("load", "solar"))
        goal = 1.0 if is_exact else 0.95 if is_clock else None
        yield Figure(name=f"found_{name}_{family}", value=share, unit="-", goal=goal, is_more_better=True)
    for family, name in sorted(tally.judged):
        share = tally.judged_found[family, name] / tally.judged[family, name]
        yield Figure(name=f"judged_{name}_{family}", value=share, unit="-")
    yield Figure(name="update_of_a_column_p50", value=float(np.median(tally.update_ms)), unit="ms")
    yield Figure(name="update_of_a_column_p99", value=float(np.quantile(tally.update_ms, 0.99)), unit="ms", goal=5.0)


def main() -> int:
    """Measure everything and print it."""
    options = questions(__doc__).parse_args()
    tally = Tally()
    for name in (*BENCHMARKS, *ZONES):
        for column, days, offset_h in columns(name):
            say(f"{name} {column}")
            walk(column, family_of(name, column), days, offset_h, tally)
    return answer(figures(tally), as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
