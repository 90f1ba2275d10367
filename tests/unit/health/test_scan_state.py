"""Whatever a watch carries comes back bit for bit, or is refused with the reason."""

import json
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.health import scan_state
from battuta.health.day_history import DayHistory
from battuta.health.scan_state import STATE_VERSION, fingerprint, require_same_attributes, restore_state, save_state

FINDING = Finding(
    string_id="A", cell=3, fault=FaultClass.MICRO_SHORT, level=FindingLevel.ACT, since_ns=1, found_ns=2,
    probability=0.1, evidence=MappingProxyType({"score": float("inf")}), days_to_limit=(1.0, 2.0, 0.1 + 0.2),
)  # fmt: skip


@dataclass
class Alien:
    """No class of Battuta."""

    x: int = 1


def again(value):
    return restore_state(save_state(value))


def test_values_come_back_as_they_were():
    value = {
        "none": None, "yes": True, "n": -7, "text": "ä", "tenth": 0.1, "nan": float("nan"),
        "many": [1, (2.5, "x")], FaultClass.STUCK_VALUE: np.float32(0.1), "finding": FINDING,
    }  # fmt: skip
    back = again(value)
    assert list(back) == list(value)
    assert np.isnan(back.pop("nan"))
    value.pop("nan")
    assert back == value
    assert type(back[FaultClass.STUCK_VALUE]) is np.float32
    assert isinstance(back["finding"].evidence, MappingProxyType)


@pytest.mark.parametrize(
    "array",
    [
        np.array([1.0, -0.0, np.nan, np.inf, 5e-324]),
        np.arange(12, dtype=np.int64).reshape(3, 4)[:, ::2],
        np.asfortranarray(np.random.default_rng(1).normal(size=(3, 4))),
        np.zeros((0, 5)),
        np.array([[True], [False]]),
        np.random.default_rng(2).normal(size=(100, 240)),
        np.round(3.3 + np.random.default_rng(3).normal(0.0, 0.01, (100, 240)), 3).astype(np.float32).astype(np.float64),
    ],
)
def test_arrays_keep_bits_shape_type_and_order(array):
    back = again([array])[0]
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert back.tobytes() == array.tobytes()
    assert not array.flags.f_contiguous or back.flags.f_contiguous
    assert back.flags.writeable


def test_many_voltages_of_single_precision_take_little_room():
    volts = np.round(3.3 + np.random.default_rng(3).normal(0.0, 0.002, (1440, 240)), 3).astype(np.float32)
    assert sum(each.nbytes for each in save_state([volts.astype(np.float64)]).values()) < volts.nbytes / 2


def test_what_is_shared_stays_shared():
    one = np.zeros(3)
    back = again({"a": one, "b": [one], "c": np.zeros(3)})
    assert back["a"] is back["b"][0]
    assert back["c"] is not back["a"]


def test_nothing_but_plain_arrays_and_own_classes():
    assert all(each.dtype != object and each.ndim == 1 for each in save_state(FINDING).values())
    with pytest.raises(TypeError, match="Alien cannot be saved"):
        save_state([Alien()])


def told(name, attributes):
    text = json.dumps({"version": STATE_VERSION, "value": {"o": name, "v": attributes}}).encode()
    return {"tree": np.frombuffer(text, dtype=np.uint8)}


@pytest.mark.parametrize(
    ("saved", "said"),
    [
        (told("os:system", {}), "os:system is no class of Battuta"),
        (told("battuta.health.nowhere:X", {}), "not there any more"),
        (told("battuta.health.day_history:HISTORY_DAYS", {}), "is no class"),
        (told("battuta.health.day_history:DayHistory", {"days": None}), "other things: values, variance"),
        ({}, "cannot be read"),
        ({"tree": np.frombuffer(b"{", dtype=np.uint8)}, "cannot be read"),
        (
            {"tree": np.frombuffer(b'{"version": 0}', dtype=np.uint8)},
            f"version 0, and this program keeps version {STATE_VERSION}",
        ),
    ],
)
def test_what_is_broken_or_not_ours_is_refused(saved, said):
    with pytest.raises(DataError, match=said):
        restore_state(saved)


def test_arrays_cut_short_are_refused():
    saved = save_state([np.arange(5.0)])
    saved["<f8"] = saved["<f8"][:3]
    with pytest.raises(DataError, match="numbers are missing"):
        restore_state(saved)


def test_another_version_is_refused(monkeypatch):
    saved = save_state([1])
    monkeypatch.setattr(scan_state, "STATE_VERSION", STATE_VERSION + 1)
    said = f"saved as version {STATE_VERSION}, and this program keeps version {STATE_VERSION + 1}"
    with pytest.raises(DataError, match=said):
        restore_state(saved)


def test_another_attribute_is_named():
    class Watch:
        def __init__(self, **attributes):
            self.__dict__.update(attributes)

    Watch.__module__ = "battuta.health.watch"
    require_same_attributes(Watch(a=1, b=None), Watch(a=2, b=DayHistory.empty(1)))
    with pytest.raises(DataError, match="another version of this program \\(Watch: b\\)"):
        require_same_attributes(Watch(a=Watch(a=1)), Watch(a=Watch(a=1, b=2)))


def test_a_fingerprint_tells_values_apart():
    assert fingerprint(0.1, np.arange(3.0)) == fingerprint(0.1, np.arange(3.0))
    assert len({fingerprint(0.1), fingerprint(0.1, None), fingerprint(np.arange(3.0)), fingerprint(FINDING)}) == 4
