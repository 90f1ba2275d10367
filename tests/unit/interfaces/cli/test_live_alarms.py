"""Alarms begin and end, and say in words what they are about."""

import numpy as np
import pytest

from battuta.interfaces.cli.live_alarms import ENDS, STOPS, WORDS, OpenAlarms, alarm_words
from battuta.services.conductor_events import Alarm
from battuta.site.fast_lane import FastCause

NOW_NS = 1_767_225_600 * 10**9 + 3600 * 10**9
NONE = np.zeros(9, dtype=np.bool_)


def alarm(site: int, cause: str, ago_s: int = 0, *, calls_out: bool = False) -> tuple[int, Alarm]:
    return NOW_NS - ago_s * 10**9, Alarm(site=site, cause=cause, calls_out=calls_out)


def heard(told: list[tuple[int, Alarm]], stopped: tuple[int, ...] = (), *, is_clock_lost: bool = False) -> OpenAlarms:
    alarms, flags = OpenAlarms(), NONE.copy()
    flags[list(stopped)] = True
    alarms.hear(told, flags, is_clock_lost=is_clock_lost)
    return alarms


def test_an_alarm_says_when_where_and_what() -> None:
    told = [alarm(3, "GAS", 60, calls_out=True), alarm(-1, "CLOCK_STEP +2.000 s", 86_400)]
    lines = heard(told, (3,), is_clock_lost=True).lines(NOW_NS, 3)
    assert lines == [
        ("00:59:00  site 3  gas at the fire panel, stopped; people are called", True),
        ("2025-12-31 01:00:00  all sites  the clock was moved: no timed wish counts for 30 s (+2.000 s)", True),
    ]


def test_it_is_quiet_where_nothing_happened() -> None:
    assert OpenAlarms().lines(NOW_NS, 3) == [("no alarms", False)]


def test_calls_come_first_then_the_newest_and_the_rest_is_counted() -> None:
    told = [alarm(0, "SMOKE", 9, calls_out=True), *(alarm(k, "PANEL_SILENT", 8 - k) for k in range(1, 6))]
    lines = heard(told, (0,)).lines(NOW_NS, 3)
    assert [line.split("  ")[1] for line, _ in lines[:3]] == ["site 0", "site 5", "site 4"]
    assert lines[3] == ("and 3 more open", True)


def test_what_is_over_is_no_alarm_any_more() -> None:
    told = [alarm(1, "STALE_TELEMETRY", 9), alarm(2, "STALE_TELEMETRY", 8), alarm(1, "TELEMETRY_BACK", 7)]
    alarms = heard(told)
    assert [(each.site, each.cause) for _, each in alarms.open] == [(2, "STALE_TELEMETRY")]
    lines = alarms.lines(NOW_NS, 3)
    assert [is_open for _, is_open in lines] == [True, False]
    assert lines[1][0].endswith("(over)")
    assert alarms.lines(NOW_NS, 1)[1:] == [("and 1 more over", False)]


def test_only_new_alarms_are_heard_and_one_that_comes_again_is_new() -> None:
    told = [alarm(1, "PANEL_SILENT", 9), alarm(2, "PANEL_SILENT", 8)]
    alarms = heard(told)
    told += [alarm(1, "PANEL_BACK", 7), alarm(1, "PANEL_SILENT", 6)]
    alarms.hear(told, NONE, is_clock_lost=False)
    alarms.hear(told, NONE, is_clock_lost=False)
    assert [each.site for _, each in alarms.open] == [1, 2]
    assert alarms.n_over == 1


def test_one_that_comes_again_before_it_ended_is_one_and_the_newest() -> None:
    told = [alarm(-1, "CLOCK_STEP +2.000 s", 9), alarm(2, "PANEL_SILENT", 8), alarm(-1, "CLOCK_STEP -1.000 s", 7)]
    found = heard(told, is_clock_lost=True).open
    assert [each.cause for _, each in found] == ["CLOCK_STEP -1.000 s", "PANEL_SILENT"]


def test_a_stop_lasts_until_it_is_reset_and_says_its_causes() -> None:
    told = [alarm(1, "GAS"), alarm(1, "SMOKE|OVER_TEMPERATURE"), alarm(1, "PANEL_SILENT"), alarm(2, "GAS")]
    alarms = heard(told, (1, 2))
    assert alarms.stops(1) == ["GAS", "SMOKE", "OVER_TEMPERATURE"]
    assert alarms.stops(0) == []
    alarms.hear(told, NONE, is_clock_lost=False)
    assert [each.cause for _, each in alarms.open] == ["PANEL_SILENT"]
    assert alarms.stops(1) == []


def test_a_moved_clock_is_over_when_it_counts_again() -> None:
    assert heard([alarm(-1, "CLOCK_STEP +2.000 s")]).open == []


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("GAS|SMOKE", "gas at the fire panel, smoke at the fire panel, stopped"),
        ("DEVICE_LOST E301: no answer\nin 2 s", "connection lost (E301: no answer in 2 s)"),
        ("NEVER_HEARD_OF", "never heard of"),
    ],
)
def test_any_cause_is_one_line_of_words(cause, words) -> None:
    assert alarm_words(cause) == words


def test_every_stop_has_words_and_whatever_ends_can_begin() -> None:
    assert {each.name for each in FastCause} <= set(WORDS)
    assert {each.name for each in FastCause} <= STOPS
    assert set(ENDS.values()) <= set(WORDS)
