"""The question of a job is copied with all that it names, and is the same where it asks the same."""

import json

import pytest

from battuta.app.job_question import FILE, FOLDER, kept_question, named_files, question_hash, question_of
from battuta.domain.errors import DataError, StorageError

STUDY = """
[study]
name = "data"
seed = 1

[climate]
path = "data/climate.csv"
"""


@pytest.fixture
def folder(tmp_path):
    """A study with a climate beneath it, and a place for a job."""
    (tmp_path / "a" / "data").mkdir(parents=True)
    (tmp_path / "a" / "data" / "climate.csv").write_text("t_hours,T_degC\n")
    (tmp_path / "a" / "study.toml").write_text(STUDY)
    (tmp_path / "job").mkdir()
    return tmp_path


def hash_of(folder, text=None, **given):
    path = folder / "a" / "study.toml"
    if text is not None:
        path.write_text(text)
    return question_hash(question_of(path, folder / "job", **given), folder / "job", ("life_study", "1"))


def test_what_is_named_is_copied_and_nothing_else(folder):
    (folder / "a" / "data" / "other.csv").write_text("")
    question = question_of(folder / "a" / "study.toml", folder / "job", n_lives=7)
    assert set(question.copies) == {"study.toml", "data/climate.csv"}
    assert (folder / "job" / FOLDER / "data" / "climate.csv").read_text() == "t_hours,T_degC\n"
    assert kept_question(folder / "job") == question


def test_a_file_beside_or_above_is_found_from_the_copy_as_from_the_study(folder):
    (folder / "warranty.toml").write_text('table = "rows.csv"\n')
    (folder / "rows.csv").write_text("1")
    (folder / "a" / "tables").mkdir()
    (folder / "a" / "tables" / "b.csv").write_text("2")
    path = folder / "a" / "study.toml"
    path.write_text(STUDY + '[warranty]\nterms = "../warranty.toml"\n[[strategy]]\ntelemetry = "tables"\n')
    question = question_of(path, folder / "job")
    assert question.study == "a/study.toml"
    copy = folder / "job" / FOLDER / "a"
    assert (copy / ".." / "warranty.toml").read_text() == 'table = "rows.csv"\n'
    assert (copy / ".." / "rows.csv").read_text() == "1"
    assert (copy / "tables" / "b.csv").read_text() == "2"


def test_a_file_from_the_root_is_not_copied_but_held_to_what_it_was(folder):
    far = folder / "far.csv"
    far.write_text("1")
    (folder / "a" / "study.toml").write_text(STUDY.replace("data/climate.csv", str(far)))
    question = question_of(folder / "a" / "study.toml", folder / "job")
    assert (set(question.copies), set(question.outside)) == ({"study.toml"}, {str(far)})
    kept_question(folder / "job")
    far.write_text("2")
    with pytest.raises(DataError, match=r"far\.csv is not what it was"):
        kept_question(folder / "job")
    far.unlink()
    with pytest.raises(DataError, match=r"far\.csv is not what it was"):
        kept_question(folder / "job")


def test_a_copy_that_was_edited_is_named(folder):
    question_of(folder / "a" / "study.toml", folder / "job")
    (folder / "job" / FOLDER / "data" / "climate.csv").write_text("other")
    with pytest.raises(DataError, match=r"climate\.csv is not what it was"):
        kept_question(folder / "job")


def test_same_question_same_hash(folder):
    one = hash_of(folder)
    assert hash_of(folder, n_threads=2) == one, "threads are no part of the question"
    assert hash_of(folder, f"# said beside\n{STUDY}") == one
    assert hash_of(folder, STUDY, seed=1) == one
    assert hash_of(folder, seed=2) == hash_of(folder, STUDY.replace("seed = 1", "seed = 2")) != one
    assert hash_of(folder, STUDY, n_lives=3) not in {one, hash_of(folder, n_lives=4)}
    (folder / "a" / "data" / "climate.csv").write_text("other")
    assert hash_of(folder) != one
    question = question_of(folder / "a" / "study.toml", folder / "job")
    of_another = question_hash(question, folder / "job", ("life_study", "2"))
    assert of_another != question_hash(question, folder / "job", ("life_study", "1"))


def test_titles_kinds_and_folders_around_the_study_are_no_files(folder):
    path = folder / "a" / "study.toml"
    path.write_text(
        STUDY + f'[x]\nkind = "data"\na = ".."\nb = "."\nc = ""\nd = "{"x" * 5000}"\ne = "study.toml"\nf = "/"\n'
    )
    assert [str(each) for each in named_files(path)] == ["data/climate.csv"]


def test_what_cannot_be_read_or_written_is_named(folder):
    question_of(folder / "a" / "study.toml", folder / "job")
    (folder / "job" / FILE).write_text(json.dumps({"study": "x"}))
    with pytest.raises(DataError, match="submit the study again"):
        kept_question(folder / "job")
    (folder / "file").write_text("")
    with pytest.raises(StorageError, match="--jobs-dir"):
        question_of(folder / "a" / "study.toml", folder / "file")
