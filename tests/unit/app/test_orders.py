"""Orders of a system operator: read as written, followed exactly, and what cannot be is refused."""

import pytest

from battuta.app.living_request import RunRequest
from battuta.app.living_run import LivingRun
from battuta.app.lockstep import LockstepSites
from battuta.app.orders import Order, parse_orders
from battuta.app.replay import replay
from battuta.domain.command import Owner
from battuta.domain.errors import UsageError


def test_orders_come_by_their_start() -> None:
    orders = parse_orders(["site=1,power=5,start=1h,end=2h", "site=0, power=-7.5, start=0, end=90s"], 2)
    assert orders == (
        Order(site=0, power_kw=-7.5, start_s=0, end_s=90),
        Order(site=1, power_kw=5.0, start_s=3_600, end_s=7_200),
    )


@pytest.mark.parametrize(
    ("words", "match"),
    [
        ("site=1,power=5", "write site=3,power=20"),
        ("site=1,power=5,start=0,end=1h,why=no", "write site=3,power=20"),
        ("site=2,power=5,start=0,end=1h", "from 0 to 1"),
        ("site=-1,power=5,start=0,end=1h", "from 0 to 1"),
        ("site=0,power=lots,start=0,end=1h", "a number of kW"),
        ("site=0,power=inf,start=0,end=1h", "a number of kW"),
        ("site=0,power=5,start=1h,end=1h", "ends before it begins"),
        ("site=0,power=5,start=soon,end=1h", "soon"),
    ],
)
def test_what_cannot_be_is_refused(words, match) -> None:
    with pytest.raises(UsageError, match=match):
        parse_orders([words], 2)


def test_a_site_follows_its_order_exactly_and_then_its_market_again(tmp_path, ten_days, small_site) -> None:
    orders = ("site=1,power=-3.21,start=5s,end=20s",)
    request = RunRequest(n_sites=2, seed=5, duration_s=86_400, response="", orders=orders)
    run = LivingRun(request, ten_days, small_site, tmp_path)
    sites = LockstepSites(run)
    moments = [sites.second() for _ in range(30)]
    followed = [each.dispatch.owner[1] == Owner.SYSTEM_OPERATOR for each in moments]
    assert followed == [5 <= second < 20 for second in range(30)]
    assert {float(each.dispatch.base_kw[1]) for each in moments[5:20]} == {-3.21}
    assert all(each.dispatch.owner[0] != Owner.SYSTEM_OPERATOR for each in moments)
    run.finish()
    assert replay(run.folder).differences == 0
