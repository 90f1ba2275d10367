"""A way to ask that waits for nothing and knows what time it is."""

from datetime import UTC, datetime

import pytest

from battuta.adapters.markets.http_fetch import HttpSource, Patience

NOW = datetime(2026, 6, 1, 14, 0, tzinfo=UTC)


@pytest.fixture
def waits():
    """Waits that were asked for instead of done."""
    return []


@pytest.fixture
def make_source(waits):
    def make(**changes):
        settings = {
            "name": "service",
            "now": lambda: NOW,
            "patience": Patience(silence_s_max=5.0),
            "sleep": waits.append,
        }
        return HttpSource(**(settings | changes))

    return make
