"""The promise of a place to compute, kept by the threads of this machine."""

from battuta.adapters.compute.local import LocalCompute
from battuta.ports.compute import Compute


def test_results_do_not_depend_on_how_many_run_at_once():
    one: Compute = LocalCompute(1)
    many: Compute = LocalCompute(4)
    pieces = list(range(30))
    assert one.map(lambda piece: piece**3, pieces) == many.map(lambda piece: piece**3, pieces)
