"""What a journal may hold is said once, and refused early."""

import pytest

from battuta.domain.errors import DataError, UsageError
from battuta.ports.journal import FieldShape, JournalDamagedError, RecordKind

IMAGE = FieldShape(name="image", dtype="int32", shape=(24, 20))


def test_sizes_add_up() -> None:
    kind = RecordKind(name="second", fields=(IMAGE, FieldShape(name="level", dtype="int8")))
    assert kind.n_bytes == 24 * 20 * 4 + 1


@pytest.mark.parametrize(
    "values",
    [
        {"name": "", "dtype": "int8"},
        {"name": "power_kw", "dtype": "float64"},
        {"name": "power_w", "dtype": "int32", "shape": (3, 0)},
    ],
)
def test_a_field_that_cannot_be_stored_is_refused(values) -> None:
    with pytest.raises(UsageError):
        FieldShape(**values)


@pytest.mark.parametrize(("name", "fields"), [("", (IMAGE,)), ("a", ()), ("a", (IMAGE, IMAGE))])
def test_a_kind_that_cannot_be_told_apart_is_refused(name, fields) -> None:
    with pytest.raises(UsageError):
        RecordKind(name=name, fields=fields)


def test_damage_is_located() -> None:
    error = JournalDamagedError("run/segment-000001.log", 3, 1200, "its hash differs")
    assert isinstance(error, DataError)
    assert "chunk 3 at byte 1200" in str(error)
    assert "the head of the file" in str(JournalDamagedError("x", -1, 8, "?"))
