"""A finding says its place, what was seen and the mend in one line."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from battuta.domain.errors import ImportRefusedError
from battuta.domain.imports import FindingKind, ImportFinding, PriceImport, require_none_refused
from battuta.domain.prices import PriceSeries


def finding(kind=FindingKind.GAP, row=7, column="time", count=2, mend="fetch the rows"):
    return ImportFinding(
        kind=kind, row=row, column=column, count=count, message="two are missing", mend=mend, is_refused=True
    )


def test_a_finding_in_one_line():
    assert str(finding()) == "row 7, column time: two are missing [gap]; fetch the rows"
    assert str(finding(column="", mend="")) == "row 7: two are missing [gap]"
    assert str(finding(row=0, column="")) == "file: two are missing [gap]; fetch the rows"


def test_an_import_counts_by_kind():
    series = PriceSeries(
        time_ns=np.array([0, 3_600_000_000_000]),
        price_per_mwh=np.array([1.0, 2.0]),
        step=timedelta(hours=1),
        currency="EUR",
        zone="UTC",
    )
    found = PriceImport(series=series, findings=(finding(), finding(count=3), finding(FindingKind.DST_DAY)))
    assert (found.count(FindingKind.GAP), found.count(FindingKind.ZERO_DAY)) == (5, 0)


def test_an_import_stops_at_what_is_refused_and_at_nothing_else():
    told = replace(finding(row=3), is_refused=False)
    require_none_refused("prices.csv", [told])
    with pytest.raises(ImportRefusedError, match=r"prices\.csv[^3]*row 7, [^3]*fetch the rows \(2 rows\)$"):
        require_none_refused("prices.csv", [told, finding()])
