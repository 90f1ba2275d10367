"""Strings are kept in one file between runs, put in place as a whole or not at all."""

import json
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from battuta.adapters.telemetry.scan_states import StateFile
from battuta.domain.errors import DataError, StorageError

SAVED = {"tree": np.frombuffer(b"{}", dtype=np.uint8), "<f8": np.array([0.1, np.nan]), "a/b": np.arange(3)}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "state.npz"
    with StateFile(path, "one") as states:
        assert states.strings() == ()
        assert states.load("A 1/x") is None
        states.keep("A 1/x", SAVED, 7)
        states.keep("ä", {"n": np.empty(0)}, None)
    return path


def test_what_was_kept_comes_back(path: Path) -> None:
    assert [each.name for each in path.parent.iterdir()] == ["state.npz"]
    with StateFile(path, "one") as states:
        assert (states.strings(), dict(states.last_ns)) == (("A 1/x", "ä"), {"A 1/x": 7})
        back = states.load("A 1/x")
        assert list(back) == list(SAVED)
        assert all(back[name].tobytes() == each.tobytes() for name, each in SAVED.items())
        assert states.load("ä")["n"].size == 0
    with np.load(path, allow_pickle=False) as file:
        assert file["000000/2"].tolist() == [0, 1, 2]


def test_a_run_that_breaks_off_leaves_the_file_as_it_was(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt), StateFile(path, "one") as states:  # noqa: PT012
        states.keep("A 1/x", {"n": np.zeros(1)}, 8)
        raise KeyboardInterrupt
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["state.npz"]


def test_a_run_that_keeps_nothing_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    with StateFile(path, "one"):
        pass
    assert path.read_bytes() == before


def test_other_settings_are_refused(path: Path) -> None:
    with pytest.raises(DataError, match=r"state\.npz was kept under another version .* scan the record anew"):
        StateFile(path, "two")


@pytest.mark.parametrize("spoil", [lambda data: data[: len(data) // 2], lambda _: b"", lambda _: b"time,current\n"])
def test_another_or_a_broken_file_is_refused(path: Path, spoil) -> None:
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(DataError, match="no state of a scan"):
        StateFile(path, "one")


def test_a_flipped_bit_is_seen(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[data.index(np.array([0.1]).tobytes())] ^= 1
    path.write_bytes(data)
    with StateFile(path, "one") as states, pytest.raises(DataError, match="no state of a scan"):
        states.load("A 1/x")


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", a=np.zeros(1))
    with pytest.raises(DataError, match="no state of a scan"):
        StateFile(tmp_path / "x.npz", "one")


def test_a_disk_that_takes_nothing_is_named(tmp_path: Path) -> None:
    with StateFile(tmp_path / "nowhere" / "x.npz", "one") as states, pytest.raises(StorageError, match="nowhere"):
        states.keep("A", SAVED, 1)


@pytest.mark.parametrize("place", ["/dev/null", "n" * 300])
def test_what_can_be_no_file_is_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(DataError, match=r"cannot be a state of a scan: .*; name another file"):
        StateFile(tmp_path / place, "one")


def test_a_name_that_leaves_no_room_for_the_file_aside_is_told(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="File name too long"), StateFile(tmp_path / ("n" * 250), "one") as states:
        states.keep("A", SAVED, 7)


@pytest.mark.parametrize("strings", [["A"], {"A": "soon"}, {"A": 10**30}, {"A": True}])
def test_a_list_of_strings_that_is_none_is_refused(tmp_path: Path, strings: object) -> None:
    path = tmp_path / "state"
    told = {"mark": "battuta health scan", "version": 1, "settings": "one", "strings": strings}
    with ZipFile(path, "w") as file:
        file.writestr("strings.json", json.dumps(told))
    with pytest.raises(DataError, match="no state of a scan that can be read"):
        StateFile(path, "one")


def test_arrays_without_names_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "state"
    told = {"mark": "battuta health scan", "version": 1, "settings": "one", "strings": {"A": 7}}
    with ZipFile(path, "w") as file:
        file.writestr("strings.json", json.dumps(told))
        file.writestr("000000/names.json", "5")
    with StateFile(path, "one") as states, pytest.raises(DataError, match="no state of a scan that can be read"):
        states.load("A")
