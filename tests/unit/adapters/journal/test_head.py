"""The head of a segment comes back as it was, and a format of the future is refused by name."""

import pytest

from battuta.adapters.journal.head import head_bytes, read_head
from battuta.domain.errors import DataError
from battuta.ports.journal import FieldShape, RecordKind

KIND = RecordKind(name="a", fields=(FieldShape(name="x", dtype="int16", shape=(2, 3)),))


def test_a_head_comes_back() -> None:
    head = read_head(head_bytes(4, (KIND,), {"seed": "7"}))
    assert head == (4, (KIND,), {"seed": "7"})


def test_another_format_is_refused() -> None:
    with pytest.raises(DataError, match="format 2"):
        read_head(head_bytes(1, (KIND,), {}).replace(b'"format": 1', b'"format": 2'))
