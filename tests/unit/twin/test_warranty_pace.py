"""When a total is used up at the pace so far."""

from datetime import UTC, datetime

import numpy as np
import pytest

from battuta.twin.warranty_logged import LoggedClause
from battuta.twin.warranty_outcome import ClauseKind
from battuta.twin.warranty_pace import used_up_on

OPENED, AS_OF = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 4, 11, tzinfo=UTC)


def clause(margin, name="full_cycles", limit=1000.0):
    return LoggedClause(
        name=name, kind=ClauseKind.CONDITION, text="", limit=limit, unit="-", margin=margin, first_breach=None,
        by_year=np.zeros(1),
    )  # fmt: skip


def test_a_tenth_in_a_hundred_days_lasts_nine_hundred_more():
    found = used_up_on(clause(900.0), OPENED, AS_OF)
    assert (found - AS_OF).days == 900
    assert used_up_on(clause(0.0), OPENED, AS_OF) == AS_OF


@pytest.mark.parametrize("margin", [1000.0, -1.0, float("nan"), 1000.0 - 1e-9])
def test_nothing_used_broken_or_beyond_the_calendar_has_no_day(margin):
    assert used_up_on(clause(margin), OPENED, AS_OF) is None


def test_only_totals_are_used_up_and_only_with_time():
    assert used_up_on(clause(900.0, name="full_cycles_per_year"), OPENED, AS_OF) is None
    assert used_up_on(clause(900.0), OPENED, OPENED) is None
