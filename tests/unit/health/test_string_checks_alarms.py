"""A check is heard when it holds two days in a row, once at each level."""

import numpy as np

from battuta.domain.health import FindingLevel
from battuta.health.string_checks_alarms import Alarms

ON, OFF = np.array([True, False]), np.array([False, False])


def test_one_day_is_chance_and_two_are_told_once():
    alarms = Alarms(2)
    assert alarms.rises(10, ON, OFF) == []
    assert alarms.rises(11, OFF, OFF) == []
    assert alarms.rises(12, ON, OFF) == []
    (rise,) = alarms.rises(13, ON, OFF)
    assert (rise.place, rise.level, rise.since_day) == (0, FindingLevel.WATCH, 12)
    assert alarms.rises(14, ON, OFF) == []


def test_a_grave_day_alone_raises_no_level():
    alarms = Alarms(2)
    for day in (10, 11):
        alarms.rises(day, ON, OFF)
    assert alarms.rises(12, ON, ON) == []
    (rise,) = alarms.rises(13, ON, ON)
    assert rise.level == FindingLevel.ACT
    assert rise.since_day == 10


def test_grave_without_speaking_is_nothing():
    alarms = Alarms(2)
    assert [alarms.rises(day, OFF, ON) for day in range(3)] == [[], [], []]
