"""Pages that follow from the code say what the code says, and quantities that are shown are registered."""

import ast
import runpy

import pytest

from battuta.domain.quantities import QUANTITIES
from tidy.source_tree import PACKAGE, ROOT
from tidy.test_units import UNIT_LAST

PAGES = runpy.run_path(str(ROOT / "docs" / "make_pages.py"))["PAGES"]
SHOWN = (
    "interfaces/cli/backtest.py",
    "interfaces/cli/forecast_site_words.py",
    "interfaces/cli/forecast_words.py",
    "interfaces/cli/run.py",
    "interfaces/cli/schedule.py",
    "interfaces/python/forecast_frames.py",
    "interfaces/python/site_forecasts.py",
    "interfaces/python/tables.py",
    "interfaces/reports/twin_json.py",
    "interfaces/reports/twin_json_losses.py",
    "interfaces/reports/twin_json_parts.py",
    "interfaces/reports/warranty_json.py",
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_code_gives(name: str) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert page == PAGES[name](), "run: .venv/bin/python docs/make_pages.py"


def tree(path: str) -> ast.Module:
    return ast.parse((PACKAGE / path).read_text(encoding="utf-8"))


def test_numbers_of_an_asset_are_registered() -> None:
    names = {
        node.target.id
        for node in ast.walk(tree("domain/asset.py"))
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and "float" in ast.unparse(node.annotation)
    }
    assert len(names) > 10
    assert names - set(QUANTITIES) == set()


def test_keys_with_a_unit_are_registered() -> None:
    keys = {
        key.value
        for path in SHOWN
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }
    with_unit = {key for key in keys if UNIT_LAST.search(key)} - {"net_eur"}  # net, where the currency is the euro
    assert "power_kw" in with_unit
    assert with_unit - set(QUANTITIES) == set()
