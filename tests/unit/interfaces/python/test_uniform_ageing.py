"""Ways of using unequal modules in a notebook: a row per way and model, wrong words refused."""

import pytest

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.interfaces.python.uniform_ageing import uniform_ageing


@pytest.fixture(scope="module")
def found():
    return uniform_ageing(["passive", "active"], models=["lfp_250ah"], strings=5, threads=1)


def test_a_row_for_each_way_under_each_model_and_under_all(found) -> None:
    table = found.table
    assert table["ageing_model"].to_list() == ["all", "lfp_250ah"] * 2
    assert table["life_gain"].to_list()[:2] == [0.0, 0.0]
    assert table["life_years"][3] == pytest.approx(found.result.mean("active", "lfp_250ah"))
    assert table["life_gain_p10"][2] <= table["life_gain"][2] <= table["life_gain_p90"][2]
    assert found.disputed == ()


def test_a_notebook_shows_it_and_says_that_it_is_synthetic(found) -> None:
    assert repr(found).startswith("WaysCompared(2 ways, 1 models, 5 strings; SYNTHETIC")
    assert "<table" in found._repr_html_()


def test_wrong_words_are_refused() -> None:
    with pytest.raises(UsageError, match="no way of using a string is named 'magic'"):
        uniform_ageing(["passive", "magic"])
    with pytest.raises(UsageError, match="no ageing model is named 'mine'"):
        uniform_ageing(models=["mine"])
    with pytest.raises(UsageError, match="strings is of type str"):
        uniform_ageing(strings="9")
    with pytest.raises(UsageError, match="spread is of type str"):
        uniform_ageing(spread="8 %")
    with pytest.raises(InvalidQuantityError, match="rate_cv"):
        uniform_ageing(spread=8.0)
