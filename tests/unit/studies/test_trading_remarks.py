from dataclasses import replace

from battuta.studies.trading_remarks import remarks_on_trading
from unit.studies.trading_case import BEST, BLIND, traded


def test_what_is_assumed_measured_and_short_is_said():
    best, blind = remarks_on_trading(traded(BEST)), remarks_on_trading(traded(BLIND))
    assert "upper bound, of which 88 % is ASSUMED" in best[0]
    assert f"earned {100 * traded(BLIND).captured:.1f} %" in blind[0]
    assert "2 years of history are all" in best[1]
    assert "lived in turn" in best[2]
    long = replace(traded(BEST), years=traded(BEST).years * 5)
    assert not any("all that is known" in each for each in remarks_on_trading(long))
    alone = replace(traded(BEST), years=traded(BEST).years[:1])
    assert not any("in turn" in each for each in remarks_on_trading(alone))
    assert any(each.startswith("one year of history is all") for each in remarks_on_trading(alone))
    assert remarks_on_trading(None) == []
