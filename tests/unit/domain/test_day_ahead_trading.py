import pytest

from battuta.domain.day_ahead_trading import CAPTURE_SHARE_ASSUMED, DayAheadTrading
from battuta.domain.errors import InvalidQuantityError, UsageError


def test_capture_is_assumed_of_foresight_and_measured_of_all_others():
    best = DayAheadTrading(wear_price_per_mwh=9.0)
    assert best.is_perfect_foresight
    assert best.captured_of_best == CAPTURE_SHARE_ASSUMED
    assert DayAheadTrading(wear_price_per_mwh=9.0, capture_share=0.8).captured_of_best == 0.8
    assert DayAheadTrading(wear_price_per_mwh=9.0, strategy="persistence").captured_of_best == 1.0
    with pytest.raises(UsageError, match=r"capture_share = 0.8 .* leave capture_share out"):
        DayAheadTrading(wear_price_per_mwh=9.0, strategy="persistence", capture_share=0.8)


@pytest.mark.parametrize(
    "given",
    [{"capture_share": 1.1}, {"wear_price_per_mwh": -1.0}, {"full_cycles_per_day_max": 0.0}],
)
def test_what_cannot_be_is_refused(given):
    with pytest.raises(InvalidQuantityError, match=next(iter(given))):
        DayAheadTrading(**{"wear_price_per_mwh": 9.0, **given})
