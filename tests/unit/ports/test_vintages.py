"""A vintage is a forecast of the intervals of its day, and what its members said of each slot."""

from datetime import date

import numpy as np

from battuta.domain.time import ClockKind
from battuta.ports.vintages import SKIPPED_NS, Vintage


def vintage_of(slot, time_ns, **changes):
    """A vintage whose values are those of its slots."""
    slot = np.asarray(slot)
    given = {
        "day": date(2026, 3, 29),
        "model": "lear",
        "inputs": "ab12",
        "known_at_ns": 7,
        "unit": "EUR/MWh",
        "clock": ClockKind.UTC,
        "time_ns": np.asarray(time_ns),
        "slot": slot,
        "point": slot + 0.5,
        "quantiles": slot[:, None] + np.arange(99) / 99.0,
        "members": {"lear_56d": slot * 2.0},
        "notes": ("without wind",),
        "is_synthetic": True,
    }
    return Vintage(**(given | changes))


def test_a_skipped_slot_has_a_value_and_no_interval():
    spring = vintage_of([0, 1, 3, 2], [10, 20, 30, SKIPPED_NS])
    forecast = spring.forecast()
    assert forecast.time_ns.tolist() == [10, 20, 30]
    assert forecast.point.tolist() == [0.5, 1.5, 3.5]
    assert forecast.members["lear_56d"].tolist() == [0.0, 2.0, 6.0]
    assert (forecast.known_at_ns, forecast.notes, forecast.is_synthetic) == (7, ("without wind",), True)
    assert spring.members_by_slot()["lear_56d"].tolist() == [0.0, 2.0, 4.0, 6.0]


def test_a_slot_that_stands_twice_is_one_slot():
    autumn = vintage_of([0, 1, 1, 2], [10, 20, 30, 40])
    assert autumn.forecast().time_ns.shape == (4,)
    assert autumn.members_by_slot()["lear_56d"].tolist() == [0.0, 2.0, 4.0]
