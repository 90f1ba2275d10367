"""Studies with the files that they name."""

import json

import numpy as np
import polars as pl
import pytest

from battuta.adapters.files.warranty_file import warranty_text
from battuta.app.life_studies import answer, example_study, prepared, read_study, study_inputs, study_schema
from battuta.domain.errors import BattutaError, UsageError
from unit.studies.life_case import example_file


def test_the_example_is_read_with_its_warranty(tmp_path):
    study = read_study(example_file(tmp_path))
    assert study.warranty is not None
    assert study.warranty.is_assumed
    assert [each.name for each in study.strategies] == ["base", "aggressive", "capped"]


def test_a_warranty_may_lie_beside_the_study_or_be_none(tmp_path):
    path = example_file(tmp_path)
    (tmp_path / "own.toml").write_text(warranty_text(), encoding="utf-8")
    path.write_text(path.read_text().replace('terms = "assumed_314ah"', 'terms = "own.toml"'), encoding="utf-8")
    assert read_study(path).warranty is not None
    path.write_text(path.read_text().replace("own.toml", "no.toml"), encoding="utf-8")
    with pytest.raises(UsageError, match="neither a warranty that ships"):
        read_study(path)
    tables = path.read_text()
    path.write_text(tables.replace("no.toml", "n" * 5000), encoding="utf-8")
    with pytest.raises(UsageError, match="neither a warranty that ships"):
        read_study(path)
    path.write_text(tables, encoding="utf-8")
    path.write_text(path.read_text().replace('[warranty]\nterms = "no.toml"', ""), encoding="utf-8")
    assert read_study(path).warranty is None


def test_files_are_looked_for_beside_the_study_and_labelled(tmp_path):
    hours = np.arange(8760)
    pl.DataFrame({"t_hours": hours, "T_degC": 10.0 + 5.0 * np.sin(hours / 24)}).write_csv(tmp_path / "climate.csv")
    power_kw = np.where(hours % 24 < 4, -1000.0, np.where(hours % 24 > 19, 900.0, 0.0))
    pl.DataFrame({"Time_s": 3600 * hours, "power_kw": power_kw}).write_csv(tmp_path / "duty.csv")
    path = example_file(tmp_path)
    text = path.read_text()
    first, rest = text.split("[[strategy]]", 1)
    _, after = rest.split("[ageing]", 1)
    own = '[[strategy]]\nname = "own"\nkind = "duty_file"\npath = "duty.csv"\n\n[ageing]'
    first = first.split("[climate]")[0] + '[climate]\npath = "climate.csv"\n\n'
    path.write_text(first + own + after, encoding="utf-8")
    study = read_study(path)
    found = study_inputs(study, tmp_path)
    assert found.climate_source == "climate of climate.csv"
    assert found.ambient_c[:60].mean() == pytest.approx(10.1, abs=0.2)
    assert not found.duties["own"].is_synthetic
    assert found.duties["own"].power_kw[0] == -1000.0
    assert found.duties["own"].sample_s == 3600.0
    result = answer(study, tmp_path, n_lives=4, n_threads=1)
    assert result.study.n_lives == 4
    assert 100.0 < result.of("own").summary.full_cycles < 400.0


def test_what_is_not_there_is_named(tmp_path):
    path = example_file(tmp_path)
    path.write_text(path.read_text().replace("mean_c = 11.0", 'path = "nowhere.csv" #'), encoding="utf-8")
    text = path.read_text().replace("yearly_swing_k = 9.0\ndaily_swing_k = 4.0\n", "")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BattutaError, match=r"nowhere\.csv"):
        study_inputs(read_study(path), tmp_path)


def test_same_study_same_hash_and_other_seed_other_grid(tmp_path):
    study = read_study(example_file(tmp_path))
    one, again = study_inputs(study, tmp_path), study_inputs(study, tmp_path)
    assert one.data_hash == again.data_hash
    said = []
    other = answer(study, tmp_path, n_lives=2, seed=5, n_threads=1, said=said.append)
    assert other.inputs.data_hash != one.data_hash
    assert said[0] == "reading climate and duties"


def test_names_that_are_not_there_are_refused_before_a_life_is_lived(tmp_path):
    text = example_file(tmp_path).read_text()
    for now, then in (("lfp_314ah", "lfp_9ah"), ("bonfiglioli_field", "no_pcs"), ("naumann_lfp", "nobody_lfp")):
        path = tmp_path / "wrong.toml"
        path.write_text(text.replace(f'"{now}"', f'"{then}"').replace(f"{now} =", f"{then} ="), encoding="utf-8")
        with pytest.raises(BattutaError, match=then):
            prepared(read_study(path), tmp_path)


def test_schema_and_example_are_of_the_same_file():
    schema = json.loads(study_schema())
    assert "n_years" in schema["finance"]["properties"]
    assert "[finance]" in example_study()


def test_published_frequency_response_in_steps_of_ten_minutes_is_refused_before_a_life_is_lived(tmp_path, data_dir):
    """Its steps hide cycles; `is_schedule` says that they do not, and it is taken at that word."""
    path = example_file(tmp_path)
    profile = data_dir / "twin" / "duty" / "frequency_containment_reserve.parquet"
    own = f'[[strategy]]\nname = "own"\nkind = "duty_file"\npath = "{profile}"\n\n[ageing]'
    path.write_text(path.read_text().replace("[ageing]", own, 1), encoding="utf-8")
    with pytest.raises(BattutaError, match=r"\(own\): the duty has steps of 600 s and loses 12 % .* is_schedule"):
        prepared(read_study(path), tmp_path)
    path.write_text(
        path.read_text().replace('kind = "duty_file"', 'kind = "duty_file"\nis_schedule = true'), encoding="utf-8"
    )
    _, inputs = prepared(read_study(path), tmp_path)
    assert inputs.duties["own"].is_schedule
