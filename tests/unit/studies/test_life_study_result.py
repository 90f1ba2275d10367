"""A result is asked for a strategy by its name."""

import pytest

from unit.studies.life_case import small_result


def test_a_strategy_is_found_by_its_name():
    result = small_result()
    assert result.of("rest") is result.strategies[1]
    with pytest.raises(KeyError):
        result.of("nobody")
