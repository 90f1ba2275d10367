import json

import pytest

from battuta.interfaces.reports.twin_json import twin_json
from unit.studies.trading_case import result


def test_trading_stands_where_it_is_traded_and_is_json():
    told = json.loads(json.dumps(twin_json(result())))
    best, rest = told["strategies"]["best"]["trading"], told["strategies"]["rest"]
    assert "trading" not in rest
    assert best["capture_is_assumed"] is True
    assert best["capture"] == pytest.approx(0.88)
    assert list(best["history"]) == ["2021", "2022"]
    assert list(best["margin"]) == ["1", "2", "3", "4"]
    assert best["margin"]["1"]["p10"] <= best["margin"]["1"]["p90"]
    assert best["label"].startswith("SYNTHETIC")
    assert told["trading"] == best
