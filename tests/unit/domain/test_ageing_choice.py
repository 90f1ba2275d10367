"""An ensemble has models, and each table in it has a weight."""

import pytest

from battuta.domain.ageing_choice import AgeingChoice
from battuta.domain.ageing_table import AgeingTable
from battuta.domain.errors import InvalidQuantityError, UsageError

TABLE = AgeingTable(name="maker", years=(5.0, 10.0), soh_capacity=(0.9, 0.8))


def test_a_table_is_a_model_like_others():
    assert AgeingChoice(weights={"maker": 1.0, "naumann_lfp": 2.0}, table=(TABLE,)).table == (TABLE,)


def test_what_is_no_ensemble_is_refused():
    with pytest.raises(UsageError, match="names no model"):
        AgeingChoice(weights={})
    with pytest.raises(UsageError, match=r"maker has no weight; name it in \[ageing.weights\]"):
        AgeingChoice(weights={"naumann_lfp": 1.0}, table=(TABLE,))
    for weight in (-1.0, 0.0, 1e308):
        with pytest.raises(InvalidQuantityError, match=r"weights\.maker .* is outside \[1e-06, 1e\+06\]"):
            AgeingChoice(weights={"maker": weight})
