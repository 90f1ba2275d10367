"""Rows come in the order that is asked for; what is missing is named."""

import pytest

from battuta.domain.errors import DataError, UsageError
from battuta.physics.ageing.parameter_rows import parameter_row


def test_the_order_is_that_of_the_keys():
    row = parameter_row("lfp_250ah", {"cycle": ("exponent", "offset"), "calendar": ("exponent",)})
    assert row.tolist() == [0.828, 4.38e-8, 0.526]


def test_what_is_missing_is_named():
    with pytest.raises(DataError, match=r"lfp_250ah.toml: cycle.speed must be a number; got None"):
        parameter_row("lfp_250ah", {"cycle": ("speed",)})
    with pytest.raises(UsageError, match="no_such"):
        parameter_row("no_such", {})
