"""Piece by piece gives what many hands give."""

from battuta.adapters.compute.local import LocalCompute
from battuta.studies.serial_compute import SerialCompute


def test_it_keeps_the_promise_of_a_place_to_compute():
    said = []
    pieces = list(range(9))
    serial = SerialCompute().map(lambda piece: piece**2, pieces, lambda *done: said.append(done))
    assert serial == LocalCompute(3).map(lambda piece: piece**2, pieces)
    assert said == [(n, 9) for n in range(1, 10)]
