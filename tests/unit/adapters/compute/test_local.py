"""Threads give the results of a plain loop, tell of progress, and let an error through."""

import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from battuta.adapters.compute.local import LocalCompute
from battuta.domain.errors import UsageError


def test_results_come_in_the_order_of_the_pieces():
    seen = []
    results = LocalCompute(3).map(
        lambda piece: piece * piece, list(range(50)), lambda done, total: seen.append((done, total))
    )
    assert results == [piece * piece for piece in range(50)]
    assert seen[-1] == (50, 50)
    assert all(total == 50 for _, total in seen)


def test_pieces_run_at_once():
    gate = threading.Barrier(2, timeout=20.0)
    assert LocalCompute(2).map(lambda _: gate.wait() >= 0, [0, 1]) == [True, True]


def test_an_error_comes_through_and_stops_the_rest():
    started = []

    def work(piece):
        started.append(piece)
        if piece == 0:
            message = "piece 0 is broken"
            raise ValueError(message)
        return piece

    with pytest.raises(ValueError, match="piece 0"):
        LocalCompute(1).map(work, list(range(1000)))
    assert started == [0]


def test_no_pieces_no_results_and_no_threads_is_refused():
    assert LocalCompute().map(lambda piece: piece, []) == []
    with pytest.raises(UsageError, match="n_threads = 0"):
        LocalCompute(0)


def test_pieces_have_blas_on_one_thread_and_it_is_given_back():
    def threads():
        return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}

    np.ones((2, 2)) @ np.ones((2, 2))  # loads the library, in whichever order tests run
    before = threads()
    assert before
    assert LocalCompute(2).map(lambda _: threads(), [0, 1]) == [{1}, {1}]
    assert threads() == before
