"""The machine's clock gives aware UTC time and keeps the promise of the port."""

from datetime import UTC, datetime, timedelta

from battuta.adapters.clock.system import SystemClock
from battuta.ports.clock import Clock


def test_it_gives_aware_utc_time():
    clock: Clock = SystemClock()
    before = datetime.now(UTC)
    now = clock.now()
    assert now.utcoffset() == timedelta(0)
    assert before <= now <= datetime.now(UTC)
