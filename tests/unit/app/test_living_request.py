"""What a run is asked to be: nonsense is refused, shares are spread evenly."""

import math

import pytest

from battuta.app.living_request import RunRequest
from battuta.domain.errors import UsageError


def test_left_alone_it_is_twenty_sites_for_a_week() -> None:
    request = RunRequest()
    assert (request.n_sites, request.duration_s) == (20, 604_800)
    assert request.answering == {0, 4, 8, 12, 16}
    assert request.following == frozenset()
    assert math.isinf(request.demand_limit_kw)


@pytest.mark.parametrize(
    "values",
    [
        {"n_sites": 0}, {"n_sites": 10_001}, {"duration_s": 0}, {"response_share": -0.1}, {"response_share": math.nan},
        {"follow_share": 1.1}, {"demand_limit_kw": 0.0}, {"demand_limit_kw": math.nan},
    ],
)  # fmt: skip
def test_nonsense_is_refused(values) -> None:
    with pytest.raises(UsageError, match="must"):
        RunRequest(**values)


@pytest.mark.parametrize(("share", "n_expected"), [(0.0, 0), (0.1, 2), (0.5, 10), (0.75, 15), (1.0, 15)])
def test_sites_that_follow_their_load_answer_no_product(share, n_expected) -> None:
    request = RunRequest(follow_share=share)
    assert len(request.following) == n_expected
    assert not request.following & request.answering


def test_without_a_product_all_sites_may_follow_their_load() -> None:
    request = RunRequest(response="", follow_share=1.0)
    assert request.answering == frozenset()
    assert len(request.following) == 20
