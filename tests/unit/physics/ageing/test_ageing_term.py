"""The numbers of kinds and quantities are those that the loops compare with."""

from battuta.physics.ageing import life_kernels
from battuta.physics.ageing.ageing_term import AgedQuantity, TermKind


def test_the_loops_and_the_terms_mean_the_same():
    assert (int(TermKind.POWER), int(TermKind.SIGMOID)) == (life_kernels.POWER, life_kernels.SIGMOID)
    assert int(AgedQuantity.CAPACITY) == life_kernels.CAPACITY
