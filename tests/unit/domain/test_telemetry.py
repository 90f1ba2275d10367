"""A block of telemetry is what it says: shapes fit and time ascends."""

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.telemetry import Block

TIME_NS = np.arange(4) * 60_000_000_000


def block(**changes) -> Block:
    settings = {
        "string_id": "S1",
        "time_ns": TIME_NS,
        "current_a": np.arange(4.0),
        "voltage_v": np.full((4, 3), 3.3),
        "temperature_c": np.full((4, 2), 25.0),
        "bleed_ah": np.zeros((4, 3)),
    }
    return Block(**{**settings, **changes})


def test_rows_are_cut_from_all_columns() -> None:
    cut = block().rows(slice(1, 3))
    assert (cut.n_times, cut.n_cells) == (2, 3)
    assert cut.current_a.tolist() == [1.0, 2.0]
    assert cut.bleed_ah is not None
    assert cut.bleed_ah.shape == (2, 3)
    assert block(bleed_ah=None).rows(slice(0, 1)).bleed_ah is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"current_a": np.zeros(3)}, r"current_a has shape \(3,\), \(4,\) is needed"),
        ({"temperature_c": np.zeros((3, 2))}, "temperature_c has shape"),
        ({"bleed_ah": np.zeros((4, 2))}, "bleed_ah has shape"),
        ({"time_ns": TIME_NS[::-1]}, "time does not ascend at 1970-01-01T00:02"),
        ({"time_ns": np.zeros(4, dtype=np.int64)}, "time does not ascend"),
    ],
)
def test_what_does_not_fit_is_refused(changes, said) -> None:
    with pytest.raises(DataError, match=said):
        block(**changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"voltage_v": np.full((4, 3), 3.3, dtype=object)}, "S1: voltage_v holds object, not real numbers"),
        ({"voltage_v": np.full((4, 3), "3.3")}, "voltage_v holds <U3, not real numbers"),
        ({"voltage_v": np.full((4, 3), True)}, "voltage_v holds bool"),
        ({"voltage_v": np.full((4, 3), 3.3 + 0.0j)}, "voltage_v holds complex128"),
        ({"voltage_v": [[3.3] * 3] * 4}, "voltage_v is a list, not a numpy.ndarray; turn it into one"),
        ({"voltage_v": np.ma.masked_less(np.full((4, 3), 3.3), 0.0)}, "its mask would be lost, so fill it with NaN"),
        ({"voltage_v": np.full(4, 3.3)}, r"voltage_v has shape \(4,\), \(n_times, n\) is needed"),
        ({"voltage_v": np.array(3.3)}, r"voltage_v has shape \(\)"),
        ({"current_a": None}, "current_a is a NoneType"),
        ({"bleed_ah": 0.0}, "bleed_ah is a float"),
        ({"time_ns": TIME_NS.astype(np.float64)}, "time_ns holds float64, not whole nanoseconds"),
        ({"time_ns": TIME_NS.astype("datetime64[ns]")}, r"time_ns holds datetime64\[ns\], not whole nanoseconds"),
        ({"time_ns": TIME_NS.astype(np.uint64)}, "time_ns holds uint64, not whole nanoseconds"),
        ({"time_ns": TIME_NS[:, None]}, r"time_ns has shape \(4, 1\)"),
        ({"string_id": 7}, "string_id is 7, of type int; name the string by a text"),
        ({"string_id": " "}, "name the string by a text"),
    ],
)
def test_what_holds_no_numbers_is_refused(changes, said) -> None:
    with pytest.raises(DataError, match=said):
        block(**changes)


def test_whole_and_short_numbers_are_numbers() -> None:
    assert block(voltage_v=np.full((4, 3), 3), temperature_c=np.full((4, 2), 25.0, dtype=np.float32)).n_cells == 3
