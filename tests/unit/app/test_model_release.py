"""A change of a line of a model makes another release."""

from battuta.app.model_release import model_release, source_hash


def test_it_names_versions_and_source():
    release = model_release()
    assert release is model_release(), "worked out once"
    assert release.startswith("battuta ")
    assert "numpy " in release
    assert len(release.rpartition(",")[2]) == 64


def test_a_changed_line_or_name_is_another_source(tmp_path):
    one, two = tmp_path / "lear.py", tmp_path / "bent.py"
    one.write_text("penalty = 1")
    two.write_text("penalty = 1")
    first = source_hash([one])
    assert first != source_hash([two])
    one.write_text("penalty = 2")
    assert source_hash([one]) != first
