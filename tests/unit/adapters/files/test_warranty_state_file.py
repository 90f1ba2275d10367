"""The memory of a log in a file."""

import numpy as np
import pytest

from battuta.adapters.files.warranty_state_file import read_state, state_bytes
from battuta.domain.errors import BattutaError


def test_what_is_kept_comes_back_to_the_bit(tmp_path):
    arrays = {"clock": np.array([2**62 + 1], dtype=np.int64), "worst": np.array([0.1, np.inf, np.nan])}
    (tmp_path / "site.state").write_bytes(state_bytes(arrays, "key"))
    found = read_state(tmp_path / "site.state", "key")
    assert {name: values.tobytes() for name, values in found.items()} == {
        name: values.tobytes() for name, values in arrays.items()
    }
    assert found["clock"].dtype == np.int64


def test_another_key_and_damaged_files_are_refused(tmp_path):
    path = tmp_path / "site.state"
    whole = state_bytes({"worst": np.zeros(1000)}, "key")
    path.write_bytes(whole)
    with pytest.raises(BattutaError, match="kept for another warranty"):
        read_state(path, "another")
    for content in (b"", b"text", whole[: len(whole) // 2], np.array([{}], dtype=object).dumps()):
        path.write_bytes(content)
        with pytest.raises(BattutaError, match="is no memory of a warranty's log"):
            read_state(path, "key")
