"""A run is kept in a folder of its own, named by time and seed."""

import re

import pytest

from battuta.app.assets import default_site
from battuta.app.prices import synthetic_prices
from battuta.app.runs import trade_site
from battuta.domain.errors import DataError


def trade(runs_dir):
    names = ["idle", "oracle_day"]
    return trade_site(synthetic_prices(1, 40), default_site(), names, 1, seed=7, runs_dir=runs_dir)


def test_a_run_has_its_folder(tmp_path):
    first, second = trade(tmp_path), trade(tmp_path)
    assert first.folder.is_dir()
    assert second.folder.is_dir()
    assert first.folder != second.folder
    assert re.fullmatch(r"\d{8}T\d{6}Z-7(-\d+)?", first.folder.name)
    assert first.result.results["oracle_day"].net > first.result.results["idle"].net
    assert first.seconds > 0.0


def test_a_place_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(DataError, match="--runs-dir"):
        trade(tmp_path / "taken")
