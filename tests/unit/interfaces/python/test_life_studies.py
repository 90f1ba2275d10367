"""Studies in a notebook."""

import pytest

import battuta as bt
from battuta.interfaces.python.life_studies import LifeStudy
from unit.studies.life_case import example_file, small_result


def test_a_study_is_asked_by_its_file(tmp_path):
    study = bt.life_study(example_file(tmp_path), lives=6, threads=1)
    assert study.table.height == 3
    assert study.result.study.n_lives == 6
    assert "3 strategies, 6 lives" in repr(study)


def test_a_table_has_a_row_per_strategy_and_quantiles_that_ascend():
    study = LifeStudy(small_result())
    for row in study.table.iter_rows(named=True):
        assert row["soh_capacity_end_p10"] <= row["soh_capacity_end_p50"] <= row["soh_capacity_end_p90"]
        assert row["npv_p90"] <= row["npv_p50"] <= row["npv_p10"], "of money P90 is what nine of ten lives better"
    assert study.lives.height == 400
    assert any("SYNTHETIC" in each for each in study.remarks)
    assert len(set(study.remarks)) == len(study.remarks)
    assert "<table" in study._repr_html_()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: bt.life_study(3), "bt.life_study: study is of type int"),
        (lambda: bt.life_study("a.toml", lives="7"), "lives is of type str"),
        (lambda: bt.life_study("no.toml"), "does not exist"),
        (lambda: LifeStudy(small_result()).save_report("a.doc"), "neither a .pdf nor a .html"),
    ],
)
def test_what_is_wrong_is_named(call, words):
    with pytest.raises(bt.BattutaError, match=words):
        call()
