"""What happens to strings and is no fault: inside its year, of every kind, each string its own."""

from collections import Counter

import pytest

from battuta.world.foreign.events import YEAR_DAYS, EventKind, events_of_year


@pytest.mark.parametrize("campaigns", [True, False])
def test_events_lie_in_their_year_and_come_at_the_stated_rates(campaigns) -> None:
    counted = Counter()
    for string in range(200):
        events = events_of_year(1, string, 2, 240, campaigns=campaigns)
        assert list(events) == sorted(events)
        for event in events:
            assert 2 * YEAR_DAYS <= event.day < event.day + event.n_days <= 3 * YEAR_DAYS
            counted[event.kind] += 1
            if event.kind is EventKind.REPLACEMENT:
                assert 12 <= event.n_cells <= 16
                assert 0 <= event.first_cell <= 240 - event.n_cells
    assert set(counted) == set(EventKind)
    assert counted[EventKind.CAMPAIGN] / 200 == pytest.approx(3.0 if campaigns else 0.3, rel=0.3)
    assert counted[EventKind.REPLACEMENT] / 200 == pytest.approx(0.15, rel=0.5)
    assert counted[EventKind.SILENCE] / 200 == pytest.approx(9.0, rel=0.1)


def test_strings_and_years_share_nothing() -> None:
    days = {tuple(event.day % YEAR_DAYS for event in events_of_year(1, string, year, 240, campaigns=False))
            for string in range(5) for year in range(5)}  # fmt: skip
    assert len(days) == 25
