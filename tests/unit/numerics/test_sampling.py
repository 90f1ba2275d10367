"""Random numbers with an address: order, number and neighbours do not matter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battuta.numerics.sampling import generator, standard_normal_blocks

addresses = st.tuples(
    st.integers(0, 2**64 - 1),
    st.text(max_size=20),
    st.integers(0, 2**64 - 1),
    st.integers(0, 2**64 - 1),
)


def draw(address, n=8):
    seed, stream, site, cell = address
    return generator(seed, stream, site=site, cell=cell).standard_normal(n)


def test_same_address_same_numbers():
    # pinned: a change of the addressing changes every simulated run
    assert generator(7, "market.wind", site=1, cell=3).random(2).tolist() == pytest.approx(PINNED, abs=0)


PINNED = [0.6536721531167646, 0.98192049843318]


@given(address=addresses)
def test_an_address_repeats(address):
    assert draw(address).tobytes() == draw(address).tobytes()


@given(first=addresses, second=addresses)
def test_other_addresses_give_other_numbers(first, second):
    if first != second:
        assert draw(first).tobytes() != draw(second).tobytes()


@given(seed=st.integers(0, 2**32), stream=st.text(max_size=8), n_sites=st.integers(1, 5), more=st.integers(1, 5))
def test_one_more_site_changes_nothing_before_it(seed, stream, n_sites, more):
    few = [draw((seed, stream, site, 0)) for site in range(n_sites)]
    many = [draw((seed, stream, site, 0)) for site in range(n_sites + more)]
    assert np.array(few).tobytes() == np.array(many[:n_sites]).tobytes()


def test_a_longer_draw_starts_with_the_shorter():
    assert draw((1, "a", 0, 0), 5).tobytes() == draw((1, "a", 0, 0), 50)[:5].tobytes()


@given(first=st.integers(0, 10**6), n_cells=st.integers(1, 6), shift=st.integers(0, 5))
def test_a_window_of_cells_is_a_window_of_numbers(first, n_cells, shift):
    whole = standard_normal_blocks(3, "x", first, n_cells + shift, 4)
    part = standard_normal_blocks(3, "x", first + shift, n_cells, 4)
    assert part.tobytes() == whole[shift:].tobytes()


def test_streams_are_standard_normal_and_uncorrelated():
    blocks = standard_normal_blocks(11, "x", 0, 2000, 16)
    assert abs(blocks.mean()) < 0.02
    assert abs(blocks.std() - 1.0) < 0.02
    neighbours = np.corrcoef(blocks[:-1].ravel(), blocks[1:].ravel())[0, 1]
    assert abs(neighbours) < 0.02


@pytest.mark.parametrize("address", [(-1, "a", 0, 0), (2**64, "a", 0, 0), (0, "a", -1, 0), (0, "a", 0, 2**64)])
def test_a_number_that_does_not_fit_is_refused_by_name(address):
    with pytest.raises(ValueError, match=r"(seed|site|cell) = -?\d+ is outside \[0, 2\^64\)"):
        draw(address)
