"""The scan before first power, from files: the layout, the record, and what is missing."""

import pytest

from battuta.adapters.telemetry.parquet import write_block
from battuta.adapters.telemetry.site_parquet import SITE_FILE, write_site_log
from battuta.app.health_commission import commission_site, read_layout
from battuta.domain.errors import UsageError
from battuta.health.commission import CommissionPlan, Verdict
from battuta.world.foreign.site_year import SitePlan, site_year
from unit.health.commission_records import N_CELLS, at, record

LAYOUT = f"n_cells = {N_CELLS}\nn_sensors = 3\nvoltage_v = 1500.0\n"


@pytest.fixture
def layout(tmp_path):
    path = tmp_path / "layout.toml"
    path.write_text(LAYOUT)
    return path


def test_a_layout_is_read_and_none_says_little(layout) -> None:
    assert read_layout(layout).n_cells == N_CELLS
    assert read_layout(None) == CommissionPlan()


@pytest.mark.parametrize(
    "text", ["n_cell = 3", "n_cells = 0", "n_cells = 'many'", "n_cells =", f"n_cells = {'3' * 5000}"]
)
def test_a_layout_that_is_none_is_refused(layout, text) -> None:
    layout.write_text(text)
    with pytest.raises(UsageError, match=r"layout\.toml"):
        read_layout(layout)


def test_without_a_log_of_the_site_nothing_around_the_cells_is_tested(tmp_path, layout) -> None:
    write_block(record(), tmp_path / "log")
    report = commission_site(tmp_path / "log", layout=layout)
    assert report.count(Verdict.FAIL) == 0
    assert {item.verdict for item in report.items if item.where == "site"} == {Verdict.NOT_TESTED}
    assert "site.parquet is not there" in report.remarks[0]


def test_with_a_log_of_the_site_it_is_tested(tmp_path, layout) -> None:
    write_block(record(cell_sign=1.0 - 2.0 * at([4], 1.0)), tmp_path / "log")
    write_site_log(site_year(SitePlan(seed=3, n_days=2)), tmp_path / "log" / SITE_FILE)
    report = commission_site(tmp_path / "log", layout=layout)
    verdicts = {item.name: item.verdict for item in report.items}
    assert verdicts["cell_polarity"] is Verdict.FAIL
    assert verdicts["insulation"] is Verdict.PASS
    elsewhere = commission_site(tmp_path / "log", layout=layout, site=tmp_path / "log" / SITE_FILE)
    assert elsewhere.items == report.items


def test_a_log_that_was_named_and_is_not_there_is_refused(tmp_path) -> None:
    write_block(record(), tmp_path / "log")
    with pytest.raises(UsageError, match="is not there"):
        commission_site(tmp_path / "log", site=tmp_path / "none.parquet")
