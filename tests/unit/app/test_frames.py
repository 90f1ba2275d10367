import polars as pl
import pytest

from battuta.app.frames import prices_from_frame
from battuta.domain.errors import BattutaError


def test_a_frame_is_checked_like_a_file():
    frame = pl.DataFrame({"time": ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"], "price_eur_per_mwh": [10.0, 20.0]})
    assert prices_from_frame(frame, zone="UTC").series.price_per_mwh.tolist() == [10.0, 20.0]


def test_a_frame_without_an_offset_is_refused():
    frame = pl.DataFrame({"time": ["2026-01-01T00:00:00", "2026-01-01T01:00:00"], "price_eur_per_mwh": [10.0, 20.0]})
    with pytest.raises(BattutaError):
        prices_from_frame(frame, zone="UTC")
