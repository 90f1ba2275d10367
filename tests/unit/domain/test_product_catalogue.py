"""Products are dated data; each figure says how sure it is."""

import runpy
from datetime import date
from pathlib import Path

import pytest

from battuta.domain import catalogue
from battuta.domain.errors import DataError, UsageError
from battuta.domain.product_catalogue import STATUSES, product, products, reserved_energy_kwh, versions
from battuta.domain.response_law import Droop, TriggeredStep

DAY = date(2026, 1, 1)
DOCS = Path(__file__).parents[3] / "docs"


def test_dynamic_containment():
    dc = product("gb_dc", on=DAY)
    assert isinstance(dc.law, Droop)
    assert (dc.law.initiation_s, dc.law.full_time_s, dc.reserve_minutes) == (0.5, 1.0, 15.0)
    assert dc.law.points_hz[:3] == (-0.5, -0.2, -0.015)
    assert dc.statuses["law.full_time_s"] == "verified"
    assert "recovery_share" in dc.unverified
    assert reserved_energy_kwh(dc, 2000.0) == 500.0


@pytest.mark.parametrize("name", products())
def test_every_version_of_every_product_is_readable(name):
    found = versions(name)
    assert [each.valid_from for each in found] == sorted({each.valid_from for each in found})
    for each in found:
        assert each.source
        assert each.statuses
        assert set(each.statuses.values()) <= set(STATUSES)
        assert each.law.parameters().shape == (26,)
        assert each.reserve_minutes > 0.0


def test_a_day_before_the_first_version_and_an_unknown_name():
    with pytest.raises(UsageError, match="begins on 2023-11-02"):
        product("gb_dc", on=date(2019, 1, 1))
    with pytest.raises(UsageError, match="gb_dc"):
        product("gb_dx", on=DAY)


HEAD = {"title": "T", "market": "M"}
FIGURE = {"value": 1.0, "status": "verified"}
LAW = {
    "kind": "triggered_step",
    "nominal_hz": {"value": 50.0, "status": "verified"},
    "trigger_hz": {"value": 49.5, "status": "verified"},
    "direction": FIGURE,
    "full_time_s": FIGURE,
    "hold_s": FIGURE,
    "rearm_s": FIGURE,
}
BODY = {
    "valid_from": {"value": "2024-01-01", "status": "verified"},
    "source": "S",
    "reserve_minutes": FIGURE,
    "energy_rule": "E",
    "law": LAW,
}


def test_the_version_in_force_is_the_latest_that_has_begun(monkeypatch):
    later = {
        **BODY,
        "valid_from": {"value": "2025-01-01", "status": "verified"},
        "reserve_minutes": {"value": 30, "status": "unverified"},
    }
    monkeypatch.setattr(catalogue, "table", lambda *_: {**HEAD, "version": [later, BODY]})
    assert product("x", on=date(2024, 12, 31)).reserve_minutes == 1.0
    assert product("x", on=date(2025, 1, 1)).reserve_minutes == 30.0


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (HEAD, r"no \[\[version\]\]"),
        ({**HEAD, "version": [{**BODY, "valid_from": {"value": "soon", "status": "verified"}}]}, "a day such as"),
        ({**HEAD, "version": [{**BODY, "source": 3}]}, "source must be a text"),
        ({**HEAD, "version": [{**BODY, "reserve_minutes": 15.0}]}, "reserve_minutes must be"),
        (
            {**HEAD, "version": [{**BODY, "reserve_minutes": {"value": 1.0, "status": "sure"}}]},
            "reserve_minutes must be",
        ),
        ({**HEAD, "version": [{**BODY, "reserve_minutes": {"value": "1", "status": "verified"}}]}, "a number"),
        ({**HEAD, "version": [{**BODY, "law": 1}]}, r"\[law\] is missing"),
        ({**HEAD, "version": [{**BODY, "law": {**LAW, "kind": "magic"}}]}, "droop or triggered_step"),
    ],
)
def test_a_file_that_lacks_something_is_named(table, words, monkeypatch):
    monkeypatch.setattr(catalogue, "table", lambda *_: table)
    with pytest.raises(DataError, match=words):
        product("x", on=DAY)


@pytest.mark.parametrize(
    ("name", "trigger_hz", "full_time_s"),
    [("nordic_ffr_49_7", 49.7, 1.3), ("nordic_ffr_49_6", 49.6, 1.0), ("nordic_ffr_49_5", 49.5, 0.7)],
)
def test_the_three_fast_reserves(name, trigger_hz, full_time_s):
    law = product(name, on=DAY).law
    assert isinstance(law, TriggeredStep)
    assert (law.trigger_hz, law.full_time_s, law.hold_s, law.release_pu_per_s) == (trigger_hz, full_time_s, 5.0, 0.2)


def test_what_nobody_read_is_marked():
    assert "law.trigger_hz" in product("ercot_ffr", on=DAY).unverified
    assert "law.points_hz" in product("gb_dr", on=DAY).unverified
    assert "reserve_minutes" in product("ce_fcr", on=DAY).unverified
    assert not [name for name in product("nordic_ffr_49_5", on=DAY).unverified if name.startswith("law.")]


def test_the_page_is_what_the_files_say():
    page = runpy.run_path(str(DOCS / "make_products.py"))["page"]()
    assert (DOCS / "products.md").read_text(encoding="utf-8") == page, "run: .venv/bin/python docs/make_products.py"
    assert all(f"`{name}`" in page for name in products())
    assert "trigger_hz **59.85**" in page
