"""The evidence of a cell: a day beside its string, tracks, the test with its limits, and words on what to do."""

from dataclasses import replace

import numpy as np

from battuta.domain.health import FaultClass
from battuta.interfaces.reports.health_cards import Case, card
from battuta.interfaces.reports.health_words import ADVICE
from unit.health.recorded_lives import scanned


def case(**changes: object) -> Case:
    result = scanned().strings[1]
    assert result.record is not None
    tests = tuple((each, result.record.tests[k]) for k, each in enumerate(result.findings))
    whole = Case(key="case-1", findings=result.findings, record=result.record, tests=tests)
    return replace(whole, **changes)


def test_a_card_holds_the_day_the_tracks_and_the_test() -> None:
    text = card(case())
    for title in (
        "Voltage on",
        "The same beside the middle",
        "Current of the string",
        "What was tested",
        "Charge beside",
    ):
        assert title in text
    for title in ("Resistance at 25", "Offset of the channel", "Capacity beside"):
        assert title in text
    for kind in ("band", "middle", "cell", "watch", "act", "since", "told"):
        assert f'<path class="{kind}"' in text
    assert ADVICE[FaultClass.MICRO_SHORT].step in text
    assert 'id="case-1"' in text


def test_a_finding_of_a_string_shows_its_day_and_no_cell() -> None:
    found = replace(scanned().strings[1].findings[0], cell=None, fault=FaultClass.COOLING, evidence={"rise_k": 2.0})
    record = scanned().strings[1].record
    assert record is not None
    (day,) = record.voltages.values()
    whole = replace(record, voltages={-1: replace(day, voltage_v=np.full(day.time_ns.size, np.nan))})
    text = card(case(findings=(found,), record=whole, tests=()))
    assert "Voltage on" in text
    assert "beside the middle" not in text
    assert "string: cooling" in text


def test_what_an_earlier_run_has_seen_is_said_not_to_be_there() -> None:
    assert "seen by an earlier run" in card(case(record=None, tests=()))


def test_the_days_to_a_limit_are_told() -> None:
    found = replace(scanned().strings[1].findings[0], days_to_limit=(5.0, 20.0, 90.0))
    assert "meets its limit in 20 days (5 to 90)" in card(case(findings=(found,)))
    still = replace(found, days_to_limit=None)
    assert "meets its limit" not in card(case(findings=(still,), tests=()))
