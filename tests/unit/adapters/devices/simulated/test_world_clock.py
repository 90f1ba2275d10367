"""Simulated time runs with the machine's steady clock, as fast as it is told to."""

from time import monotonic_ns

from battuta.adapters.devices.simulated.world_clock import WorldClock


def test_it_stands_until_its_start() -> None:
    clock = WorldClock(5_000, monotonic_ns() + 10**12, 1.0)
    assert clock.now_ns() == 5_000


def test_two_clocks_of_one_start_agree_and_run_at_their_speed() -> None:
    begun_ns = monotonic_ns() - 10 * 10**9
    slow, fast = WorldClock(0, begun_ns, 1.0), WorldClock(0, begun_ns, 5.0)
    assert 10 * 10**9 <= slow.now_ns() < 12 * 10**9
    assert 50 * 10**9 <= fast.now_ns() < 60 * 10**9
    assert 0.0 < fast.real_s(100 * 10**9) <= 10.0
    assert fast.real_s(0) <= -10.0
