"""A layout asks for everything that is not stated, and finds the columns of its patterns."""

import pytest

from battuta.adapters.telemetry.wide_layout import WideLayout, numbered_columns
from battuta.domain.errors import DataError, UsageError

STATED = {
    "time": "time",
    "clock": "utc",
    "voltage": "v{n}",
    "voltage_unit": "V",
    "current": "i",
    "current_unit": "A",
    "current_sign": "discharge_positive",
}


def test_nothing_is_guessed_and_all_is_asked_at_once():
    with pytest.raises(UsageError) as caught:
        WideLayout(temperature="t{n}", bleed="b{n}", balancer="i{n}", flag="f{n}")
    said = str(caught.value)
    for name in (*STATED, "temperature_unit", "bleed_unit", "balancer_unit", "balancer_sign"):
        assert f"\n  - {name} is not stated" in said
    assert "bleed, balancer and flag all tell of the balancer" in said
    assert WideLayout(**STATED).patterns() == {"voltage": "v{n}"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"current_sign": "positive"}, "current_sign = 'positive' is none of discharge_positive, charge_positive"),
        ({"voltage_unit": "kV"}, "voltage_unit = 'kV' is none of V, mV"),
        ({"voltage": "v"}, "voltage = 'v' needs {n} once"),
        ({"clock": "berlin"}, "clock 'berlin' is not known"),
    ],
)
def test_wrong_words_are_refused(change, said):
    with pytest.raises(UsageError) as caught:
        WideLayout(**{**STATED, **change})
    assert said in str(caught.value)


def test_columns_are_taken_in_the_order_of_their_numbers():
    header = ["time", *(f"v{n}" for n in range(14, -1, -1)), "vx", "v"]
    assert numbered_columns("v{n}", header, "a.csv") == tuple(f"v{n}" for n in range(15))
    assert numbered_columns("cell_{n}_v", ["cell_01_v", "cell_02_v", "cell_02_v2"], "a.csv") == (
        "cell_01_v",
        "cell_02_v",
    )


def test_columns_that_are_missing_or_double_are_refused():
    with pytest.raises(DataError, match=r"a\.csv has no column u\{n\}; it has v1, v2"):
        numbered_columns("u{n}", ["v1", "v2"], "a.csv")
    with pytest.raises(DataError, match=r"v\{n\} runs from 1 to 4 and lacks 2, 3"):
        numbered_columns("v{n}", ["v1", "v4"], "a.csv")
    with pytest.raises(DataError, match="runs from 1 to 2 and has 1 twice"):
        numbered_columns("v{n}", ["v1", "v01", "v2"], "a.csv")
