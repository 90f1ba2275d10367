"""Few requests, none too long, and no register that nobody asked for where that may be refused."""

from hypothesis import given
from hypothesis import strategies as st

from battuta.adapters.devices.modbus.spans import spans

RANGES = st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 8)), max_size=40)


def test_near_ranges_are_read_together_and_far_ones_are_not():
    assert spans([(0, 2), (100, 4), (124, 1), (125, 1)]) == ((0, 125), (125, 1))


def test_without_gaps_only_neighbours_are_joined():
    assert spans([(0, 2), (2, 1), (4, 1)], gap_max=0) == ((0, 3), (4, 1))


def test_nothing_wanted_is_nothing_read():
    assert spans([]) == ()


@given(RANGES, st.integers(0, 125))
def test_all_that_is_wanted_is_read_in_requests_that_fit(ranges, gap_max):
    requests = spans(ranges, gap_max=gap_max)
    assert all(count <= 125 for _, count in requests)
    for start, count in ranges:
        assert any(first <= start and start + count <= first + n for first, n in requests)
