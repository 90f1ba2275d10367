"""Terms by name or by file."""

import pytest

from battuta.adapters.files.warranty_file import warranty_text
from battuta.app.warranty_terms import warranty_of
from battuta.domain.errors import UsageError


def test_a_name_a_file_beside_the_study_and_neither(tmp_path):
    assert warranty_of("assumed_314ah", tmp_path).is_assumed
    text = warranty_text().replace("full_cycles_max = 8000.0", "full_cycles_max = 7777.0")
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    assert warranty_of("own.toml", tmp_path).use.full_cycles_max == 7777.0
    with pytest.raises(UsageError, match=r"'none.toml' are neither a warranty that ships \(assumed_314ah\) nor a file"):
        warranty_of("none.toml", tmp_path)
