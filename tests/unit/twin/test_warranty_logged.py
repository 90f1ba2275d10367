"""What a log says of its clauses."""

from datetime import UTC, datetime

import numpy as np
import pytest

from battuta.domain.warranty import Warranty
from battuta.domain.warranty_terms import UseLimits, Window, WindowQuantity
from battuta.twin import warranty_log_kernels as kernels
from battuta.twin.warranty_log_state import log_terms, new_state, take_in
from battuta.twin.warranty_logged import LoggedWarranty, logged_clauses

WARRANTY = Warranty(
    name="toy",
    source="nobody",
    is_assumed=True,
    years=1,
    currency="EUR",
    use=UseLimits(full_cycles_max=1.0),
    windows=(
        Window(name="full", quantity=WindowQuantity.SOC, high=0.9),
        Window(name="spared", quantity=WindowQuantity.SOC, high=0.9, share_outside_max=0.5),
    ),
)
TERMS = log_terms(WARRANTY, np.array([0, 2 * kernels.DAY_NS]), np.array([48.0]))


def logged(soc, c_rate):
    n = len(soc)
    time_ns = np.arange(1, n + 1) * kernels.HOUR_NS // 4
    state = take_in(new_state(TERMS, 0), TERMS, time_ns, np.array(soc), np.full(n, 20.0), np.array(c_rate))
    return {each.name: each for each in logged_clauses(WARRANTY, state)}


def test_only_clauses_that_bind_are_told_each_with_its_own_margin():
    found = logged([0.5, 0.95, 0.8], [1.0, 1.0, 1.0])
    assert list(found) == ["full_cycles", "full", "spared"]
    assert found["full_cycles"].margin == pytest.approx(1.0 - 0.375)
    assert found["full"].margin == pytest.approx(-0.05)
    assert found["full"].first_breach == datetime(1970, 1, 1, 0, 15, tzinfo=UTC)
    assert found["spared"].margin == pytest.approx(0.5 - 0.25 / 48.0)
    assert found["spared"].first_breach is None


def test_a_window_that_nothing_fell_into_is_not_judged():
    assert np.isnan(logged([np.nan], [1.0])["full"].margin)


def test_the_first_breach_is_that_of_any_clause():
    found = tuple(logged([0.95] * 12, [2.0] * 12).values())
    outcome = LoggedWarranty(
        warranty=WARRANTY,
        as_of=datetime(1970, 1, 2, tzinfo=UTC),
        year_label=("1",),
        clauses=found,
        hours_on_record=0.0,
        n_records=12,
        n_repeated=0,
        n_conflicting=0,
        n_late=0,
        n_before=0,
        n_after=0,
    )
    assert outcome.clause("full_cycles").first_breach == datetime(1970, 1, 1, 1, tzinfo=UTC)
    assert outcome.first_breach == datetime(1970, 1, 1, tzinfo=UTC)
    with pytest.raises(KeyError, match="no clause 'x' is kept"):
        outcome.clause("x")
