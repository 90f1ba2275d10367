"""A compiled kernel gives what the plain function gives, and keeps its name; one in place owns no memory."""

import inspect
from typing import NamedTuple

import numpy as np
import pytest

from battuta._jit import jit, jit_in_place, jit_inlined


class Pair(NamedTuple):
    first: np.ndarray
    last: np.ndarray


def total(values):
    result = 0.0
    for value in values:
        result += value
    return result


def halve(pair):
    for value in (pair.first, pair.last):
        part = value[1:]
        for i in range(part.size):
            part[i] = 1.0 / (2.0 / part[i])


def doubled(values):
    return (2.0 * values).sum()


def test_a_kernel_equals_its_plain_twin() -> None:
    values = np.array([0.5, 1.5, -3.0])
    assert jit(total)(values) == total(values) == -1.0
    assert jit(total).__name__ == "total"


def test_a_kernel_in_place_writes_through_tuples_and_slices() -> None:
    pair = Pair(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0]))
    jit_in_place(halve)(pair)
    np.testing.assert_array_equal(pair.first, [1.0, 1.0, 1.5])
    np.testing.assert_array_equal(pair.last, [4.0, 2.5])


@pytest.mark.parametrize(("compiled", "counts"), [(jit, True), (jit_in_place, False)])
def test_only_a_kernel_in_place_counts_no_references(compiled, counts: bool) -> None:
    names: dict = {}
    exec(inspect.getsource(halve), names)  # from no file, so not kept on disk, so its machine code can be read
    kernel = compiled(names["halve"])
    kernel(Pair(np.ones(3), np.ones(3)))
    (machine_code,) = kernel.inspect_asm().values()
    assert ("NRT_incref" in machine_code) == counts


def test_a_kernel_in_place_may_not_make_an_array() -> None:
    with pytest.raises(Exception, match="NRT"):
        jit_in_place(doubled)(np.ones(3))


def test_a_division_by_zero_is_still_an_error() -> None:
    with pytest.raises(ZeroDivisionError):
        jit_in_place(halve)(Pair(np.zeros(3), np.ones(3)))


@jit_inlined
def share_of(value, whole):
    return value / whole


@jit_in_place
def shared(values, whole):
    for i in range(values.size):
        values[i] = share_of(values[i], whole)


def test_an_inlined_kernel_serves_alone_and_inside_another() -> None:
    values = np.array([1.0, 3.0])
    shared(values, 4.0)
    assert values.tolist() == [0.25, 0.75]
    assert share_of(1.0, 4.0) == 0.25
