"""When a total is used up at the pace so far."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from battuta.twin.warranty_logged import LoggedClause
from battuta.twin.warranty_outcome import ClauseKind
from battuta.twin.warranty_pace import used_up_on

HOURS, AS_OF = 2400.0, datetime(2027, 4, 11, tzinfo=UTC)


def clause(margin, name="full_cycles", limit=1000.0):
    return LoggedClause(
        name=name, kind=ClauseKind.CONDITION, text="", limit=limit, unit="-", margin=margin, first_breach=None,
        by_year=np.zeros(1),
    )  # fmt: skip


def test_a_tenth_in_a_hundred_days_lasts_nine_hundred_more():
    found = used_up_on(clause(900.0), HOURS, AS_OF)
    assert (found - AS_OF).days == 900
    assert used_up_on(clause(0.0), HOURS, AS_OF) == AS_OF


@pytest.mark.parametrize("margin", [1000.0, -1.0, float("nan"), 1000.0 - 1e-9])
def test_nothing_used_broken_or_beyond_the_calendar_has_no_day(margin):
    assert used_up_on(clause(margin), HOURS, AS_OF) is None


def test_only_totals_are_used_up_and_only_with_time():
    assert used_up_on(clause(900.0, name="full_cycles_per_year"), HOURS, AS_OF) is None
    assert used_up_on(clause(900.0), 0.0, AS_OF) is None


def test_silence_is_no_rest_and_what_was_used_before_is_no_pace():
    assert (used_up_on(clause(900.0), 1200.0, AS_OF) - AS_OF).days == 450
    assert (used_up_on(replace(clause(800.0), before=100.0), HOURS, AS_OF) - AS_OF).days == 800
