"""Whoever looks is told how many pieces of a stage are done, and the answer is that of the work."""

from battuta.adapters.compute.local import LocalCompute
from battuta.app.shown_compute import ShownCompute


def test_each_round_of_a_stage_is_told_from_nothing_to_all():
    told = []
    compute = ShownCompute(LocalCompute(2), lambda *each: told.append(each))
    compute.begin("living: base, other")
    assert compute.map(lambda x: 2 * x, [1, 2, 3]) == [2, 4, 6]
    assert compute.map(lambda x: x, [1]) == [1]
    assert compute.map(lambda x: x, []) == []
    compute.begin("money")
    compute.map(lambda x: x, [1, 2])
    assert [told[0], told[-1]] == [("living", 0, 3), ("money", 2, 2)]
    assert ("living", 3, 3) in told
    assert ("living, round 2", 1, 1) in told


def test_what_pieces_ask_for_themselves_is_part_of_them():
    told = []
    compute = ShownCompute(LocalCompute(2), lambda *each: told.append(each))
    assert compute.map(lambda x: sum(compute.map(lambda y: y, [x, x])), [1, 2]) == [2, 4]
    assert {n_all for _, _, n_all in told} == {2}
    assert {name for name, _, _ in told} == {"working"}


def test_a_caller_that_wants_to_know_itself_is_told_in_its_place():
    told, own = [], []
    compute = ShownCompute(LocalCompute(1), lambda *each: told.append(each))
    compute.map(lambda x: x, [1, 2], lambda *each: own.append(each))
    assert told == []
    assert own[-1] == (2, 2)
