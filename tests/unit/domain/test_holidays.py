"""A calendar of holidays says for which years it is complete, and holds to it."""

from datetime import date

import pytest

from battuta.domain.errors import DataError
from battuta.domain.holidays import PublicHolidays


def test_a_day_outside_of_the_years_is_refused() -> None:
    days = frozenset({date(2026, 1, 1), date(2025, 12, 26)})
    with pytest.raises(DataError, match="holiday 2025-12-26 of DE lies outside of 2026 to 2026"):
        PublicHolidays(place="DE", first_year=2026, last_year=2026, days=days)
    assert len(PublicHolidays(place="DE", first_year=2025, last_year=2026, days=days).days) == 2
