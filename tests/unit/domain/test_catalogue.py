"""Data files that ship inside rooms are found by name, and a wrong name lists the right ones."""

import pytest

from battuta.domain.catalogue import names, table
from battuta.domain.errors import UsageError


def test_a_table_is_read_by_name() -> None:
    known = names("physics", "parameter_sets")
    assert known == tuple(sorted(known))
    assert all(table("physics", "parameter_sets", name) for name in known)


def test_a_wrong_name_lists_those_that_exist() -> None:
    with pytest.raises(UsageError, match="there is"):
        table("physics", "parameter_sets", "lfp_999ah")
