"""A site's log is opened and checked; what is no log is refused."""

import pytest

from battuta.adapters.telemetry.site_parquet import SITE_FILE, write_site_log
from battuta.app.health_site import check_site_log
from battuta.domain.errors import DataError, UsageError
from battuta.domain.health import FaultClass
from battuta.health.site_checks import check_site
from unit.health.site_logs import RAMP, noise, site_log


def test_a_log_is_checked_as_it_would_be_in_memory(tmp_path) -> None:
    log = site_log(coolant_level=0.8 - 0.3 * RAMP + noise(0.005))
    checked = check_site_log(write_site_log(log, tmp_path / SITE_FILE))
    assert {each.fault for each in checked.report.findings} == {FaultClass.COOLANT_LEVEL}
    assert checked.report == check_site(log)
    assert (checked.site_id, checked.n_rows) == (log.site_id, log.n_times)


def test_what_is_not_there_or_no_log_is_refused(tmp_path) -> None:
    with pytest.raises(UsageError, match="is no file"):
        check_site_log(tmp_path)
    (tmp_path / "x.parquet").write_text("no table")
    with pytest.raises(DataError, match=r"x\.parquet"):
        check_site_log(tmp_path / "x.parquet")
