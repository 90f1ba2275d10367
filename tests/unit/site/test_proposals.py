"""The board of proposals: one opinion per owner and site, the newest stands."""

import numpy as np
import pytest

from battuta.domain.command import Owner, Proposal
from battuta.domain.errors import UsageError
from battuta.site.proposals import HIGH, LOW, PREFERRED, ProposalBoard


def test_a_new_board_has_no_opinions() -> None:
    board = ProposalBoard.empty(3)
    assert board.n_sites == 3
    assert not board.expires_ns.any()
    assert np.isnan(board.wanted_kw[PREFERRED]).all()
    assert np.isneginf(board.wanted_kw[LOW]).all()
    assert np.isposinf(board.wanted_kw[HIGH]).all()


def test_a_proposal_takes_the_place_of_the_one_before() -> None:
    board = ProposalBoard.empty(2)
    first = Proposal(site=1, owner=Owner.MARKET, low_kw=-5.0, high_kw=5.0, preferred_kw=1.0, expires_ns=10)
    board.post([first])
    assert board.wanted_kw[:, Owner.MARKET, 1].tolist() == [-5.0, 5.0, 1.0]
    board.post([Proposal(site=1, owner=Owner.MARKET, preferred_kw=2.0, expires_ns=20)])
    assert board.wanted_kw[:, Owner.MARKET, 1].tolist() == [-np.inf, np.inf, 2.0]
    assert board.expires_ns[Owner.MARKET].tolist() == [0, 20]


@pytest.mark.parametrize("site", [-1, 2])
def test_a_proposal_for_a_site_that_is_not_there_is_refused(site) -> None:
    with pytest.raises(UsageError, match=f"site {site}; there are 2"):
        ProposalBoard.empty(2).post([Proposal(site=site, owner=Owner.MARKET, expires_ns=10)])


def test_one_owner_posts_for_all_sites_and_forgets_what_it_does_not_say() -> None:
    board = ProposalBoard.empty(2)
    board.post_all(Owner.COOLING, 10, low_kw=np.array([1.0, 2.0]), high_kw=np.array([3.0, 4.0]))
    board.post_all(Owner.COOLING, 20, preferred_kw=np.array([7.0, 8.0]))
    assert board.wanted_kw[:, Owner.COOLING].tolist() == [[-np.inf] * 2, [np.inf] * 2, [7.0, 8.0]]
    assert board.expires_ns[Owner.COOLING].tolist() == [20, 20]
    assert not board.expires_ns[Owner.MARKET].any()
