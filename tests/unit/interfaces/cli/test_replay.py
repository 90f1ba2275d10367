"""``battuta replay``: a journal is decided again, and anything else is refused."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from battuta.domain.errors import DataError
from battuta.interfaces.cli.main import app


@pytest.fixture
def folder(tmp_path) -> Path:
    words = ["run", "--runs-dir", str(tmp_path), "--json", "--sites", "2", "--duration", "15min"]
    return Path(json.loads(CliRunner().invoke(app, words).stdout)["run"])


def test_a_run_comes_out_as_it_was(folder):
    result = CliRunner().invoke(app, ["replay", str(folder), "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["sites"], told["seconds_replayed"], told["setpoints"], told["differences"]) == (2, 900, 36_000, 0)
    assert (told["decisions"], told["proven"], told["findings"]) == (900, True, [])
    assert told["root"] == json.loads((folder / "summary.json").read_text(encoding="utf-8"))["journal"]["root"]
    said = CliRunner().invoke(app, ["replay", str(folder)])
    assert "byte for byte the same" in said.stdout


def test_a_changed_byte_is_found(folder):
    segment = next((folder / "journal").glob("segment-*"))
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(bytes(content))
    result = CliRunner().invoke(app, ["replay", str(folder)])
    assert isinstance(result.exception, DataError)
    assert "damaged" in str(result.exception)


def test_what_is_no_journal_is_refused(tmp_path):
    assert isinstance(CliRunner().invoke(app, ["replay", str(tmp_path)]).exception, DataError)


def test_an_end_that_is_missing_is_an_exit_code_and_what_was_compared_is_told(folder):
    segment = next((folder / "journal").glob("segment-*"))
    segment.write_bytes(segment.read_bytes()[:-70])
    result = CliRunner().invoke(app, ["replay", str(folder)])
    assert result.exit_code == 4, result.output
    assert "0 differences in what was compared, which is not the whole of a sound journal: no proof" in result.stdout
    assert "journal: " in result.stdout
    assert "byte for byte" not in result.stdout
    told = json.loads(CliRunner().invoke(app, ["replay", str(folder), "--json"]).stdout)
    assert (told["proven"], told["differences"]) == (False, 0)
    assert 0 < told["decisions"] <= 900
    assert len(told["findings"]) == 1


def test_a_difference_counts_more_than_a_missing_end(folder, monkeypatch):
    segment = next((folder / "journal").glob("segment-*"))
    segment.write_bytes(segment.read_bytes()[:-70])
    monkeypatch.setattr("battuta.app.living_journal.CHILLER_STEP_C", 0.2)
    result = CliRunner().invoke(app, ["replay", str(folder)])
    assert result.exit_code == 1, result.output
    assert "differences, the first at" in result.stdout


def test_a_journal_without_decisions_proves_nothing(folder, tmp_path):
    from battuta.adapters.journal.reader import SegmentJournalReader
    from battuta.adapters.journal.segments import SegmentJournal

    reader = SegmentJournalReader(folder / "journal")
    SegmentJournal(tmp_path / "empty", reader.kinds, reader.header).close()
    result = CliRunner().invoke(app, ["replay", str(tmp_path / "empty")])
    assert result.exit_code == 4, result.output
    assert "byte for byte" not in result.stdout
    assert "this proves nothing" in result.stdout
