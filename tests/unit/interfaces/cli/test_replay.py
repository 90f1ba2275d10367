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
    assert told["findings"] == []
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
