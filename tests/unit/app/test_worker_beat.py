"""A worker that lives is heard."""

import pytest

from battuta.app.worker_beat import FILE, Heart, kept_beat
from unit.app.job_case import until


def test_a_heart_beats_and_says_what_is_done(tmp_path):
    assert kept_beat(tmp_path) is None
    with Heart(tmp_path, 3, beat_s=0.01) as heart:
        first = kept_beat(tmp_path)
        assert (first.attempt, first.words) == (3, "")
        heart.say("living")
        assert kept_beat(tmp_path).words == "living"
        said_ns = kept_beat(tmp_path).heard_ns
        until(lambda: kept_beat(tmp_path).heard_ns > said_ns)
    last = kept_beat(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == [FILE]
    assert kept_beat(tmp_path) == last


def test_a_heart_that_is_over_beats_no_more_also_after_an_error(tmp_path):
    heart = Heart(tmp_path, 1, beat_s=0.01)
    with pytest.raises(RuntimeError, match="enough"), heart:
        raise RuntimeError("enough")
    assert not heart._thread.is_alive()


def test_a_full_disk_does_not_stop_a_heart(tmp_path):
    with Heart(tmp_path / "nowhere", 1) as heart:
        heart.say("living")
    assert kept_beat(tmp_path / "nowhere") is None


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"attempt": "x", "heard_ns": 1, "words": ""}'])
def test_a_beat_that_cannot_be_read_is_none(text, tmp_path):
    (tmp_path / FILE).write_text(text)
    assert kept_beat(tmp_path) is None
