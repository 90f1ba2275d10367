"""Rows of a string that the tests of telemetry spoil one way or another."""

import pytest

from battuta.adapters.telemetry.findings import Findings
from unit.adapters.telemetry.strings import make_block, make_rows


@pytest.fixture
def block():
    return make_block()


@pytest.fixture
def rows(block):
    return make_rows(block)


@pytest.fixture
def findings():
    return Findings("S1")
