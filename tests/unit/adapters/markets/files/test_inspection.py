"""Findings are refused unless allowed by name, long lists are capped, and an error stays readable."""

import numpy as np
import pytest

from battuta.adapters.markets.files.inspection import N_NAMED_MAX, Inspection
from battuta.domain.errors import ImportRefusedError, UsageError
from battuta.domain.imports import FindingKind


def test_what_is_allowed_is_told_and_let_pass():
    inspection = Inspection("f.csv", {"gap"})
    inspection.refuse(FindingKind.GAP, "two are missing", "fetch them", row=3)
    inspection.raise_if_refused()
    assert [(each.is_refused, each.mend) for each in inspection.findings] == [
        (False, "allowed, which leaves the missing intervals missing (NaN)")
    ]


def test_what_needs_no_guess_cannot_be_allowed():
    with pytest.raises(UsageError, match="isolated_zero cannot be allowed; these can: ambiguous_hour"):
        Inspection("f.csv", {"isolated_zero"})


def test_notes_never_stop_an_import():
    inspection = Inspection("f.csv")
    inspection.note(FindingKind.DST_DAY, "a day of 23 hours")
    inspection.raise_if_refused()


def test_neighbouring_rows_make_one_finding():
    inspection = Inspection("f.csv")
    flags = np.array([False, True, True, False, True])
    inspection.refuse_runs(
        FindingKind.MISSING_VALUE, flags, np.arange(5) + 2, lambda a, b: f"{a}:{b}", "fetch", column="p"
    )
    assert [(each.row, each.count, each.message) for each in inspection.findings] == [(3, 2, "1:3"), (6, 1, "4:5")]


def test_a_long_list_ends_in_a_number():
    inspection = Inspection("f.csv")
    flags = np.zeros(5_000, dtype=bool)
    flags[::2] = True
    inspection.refuse_runs(FindingKind.MISSING_VALUE, flags, np.arange(5_000) + 2, lambda *_: "none", "fetch")
    assert len(inspection.findings) == N_NAMED_MAX + 1
    assert (inspection.findings[-1].count, inspection.findings[-1].row) == (1_500, 2_002)
    with pytest.raises(ImportRefusedError) as caught:
        inspection.raise_if_refused()
    assert len(caught.value.findings) == 21
    assert caught.value.findings[-1] == "and 2480 more of kind missing_value"


def test_each_kind_gets_its_lines_and_the_mend_once():
    inspection = Inspection("f.csv")
    for row in range(30):
        inspection.refuse(FindingKind.GAP, "missing", "fetch", row=row)
    inspection.refuse(FindingKind.UNSORTED, "backwards", "sort", row=9)
    with pytest.raises(ImportRefusedError) as caught:
        inspection.raise_if_refused()
    text = str(caught.value)
    assert text.count("fetch") == 1
    assert text.count("[gap]") == 10
    assert "and 20 more of kind gap" in text
    assert "backwards" in text
