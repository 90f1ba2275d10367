import pytest

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.market_history import MarketHistory


def test_years_ascend_and_a_file_that_is_not_named_is_not_described():
    assert MarketHistory(path="prices.csv", years=(2019, 2020)).years == (2019, 2020)
    with pytest.raises(UsageError, match="must ascend"):
        MarketHistory(path="prices.csv", years=(2020, 2019))
    with pytest.raises(UsageError, match="must ascend"):
        MarketHistory(path="prices.csv", years=(2020, 2020))
    for given in ({"years": (2020,)}, {"zone": "Europe/Berlin"}, {"source": "entsoe"}, {"allow": ("gap",)}):
        with pytest.raises(UsageError, match="names no path"):
            MarketHistory(**given)
    with pytest.raises(InvalidQuantityError, match="synthetic_years"):
        MarketHistory(synthetic_years=0)
