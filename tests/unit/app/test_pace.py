"""Pace: words for speed and duration, and waiting only where the world is ahead."""

import math

import pytest

from battuta.app import pace
from battuta.app.pace import Pace, parse_duration_s, parse_speed
from battuta.domain.errors import UsageError


@pytest.mark.parametrize(("text", "speed"), [("max", math.inf), (" MAX ", math.inf), ("1", 1.0), ("0.5", 0.5)])
def test_speeds(text, speed) -> None:
    assert parse_speed(text) == speed


@pytest.mark.parametrize("text", ["", "fast", "0", "-1", "nan", "inf"])
def test_what_is_no_speed_is_refused(text) -> None:
    with pytest.raises(UsageError, match="neither 'max' nor a factor"):
        parse_speed(text)


@pytest.mark.parametrize(
    ("text", "duration_s"),
    [("90s", 90), ("15min", 900), ("6h", 21_600), ("7d", 604_800), ("2", 172_800), ("0.5h", 1_800), (" 1 D ", 86_400)],
)
def test_durations(text, duration_s) -> None:
    assert parse_duration_s(text) == duration_s


@pytest.mark.parametrize("text", ["", "h", "0s", "0.5s", "367d", "-1d", "nan", "1e400d", "1w", "1m"])
def test_what_is_no_duration_is_refused(text) -> None:
    with pytest.raises(UsageError, match="is not a whole number of seconds"):
        parse_duration_s(text)


def slept_s(monkeypatch, speed: float, clock_s: list[float], waits: int) -> list[float]:
    slept = []
    monkeypatch.setattr(pace, "monotonic", lambda: clock_s.pop(0) if len(clock_s) > 1 else clock_s[0])
    monkeypatch.setattr(pace, "sleep", slept.append)
    paced = Pace(speed)
    for _ in range(waits):
        paced.wait()
    return slept


def test_real_time_waits_for_the_rest_of_each_second(monkeypatch) -> None:
    assert slept_s(monkeypatch, 1.0, [100.0, 100.25, 101.5], 2) == pytest.approx([0.75, 0.5])


def test_sixty_times_real_time_waits_a_sixtieth(monkeypatch) -> None:
    assert slept_s(monkeypatch, 60.0, [100.0, 100.0], 1) == pytest.approx([1.0 / 60.0])


def test_what_is_late_or_as_fast_as_it_can_does_not_wait(monkeypatch) -> None:
    assert slept_s(monkeypatch, 1.0, [100.0, 103.0], 2) == []
    assert slept_s(monkeypatch, math.inf, [100.0, 100.0], 5) == []
