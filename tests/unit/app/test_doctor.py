"""The doctor looks at what a first run needs, and both engines solve the schedule known by hand."""

from battuta.app.doctor import LIBRARIES, check_machine


def test_this_machine_is_fit():
    checks = {check.name: check for check in check_machine()}
    assert {"Python", *LIBRARIES, "kernel cache", "free disk", "benchmark data"} <= set(checks)
    amiss = [check for check in checks.values() if not check.is_ok and not check.is_optional]
    assert amiss == []
    assert "8.00" in checks["dynamic programming engine"].found
    assert "8.00" in checks["HiGHS engine"].found


def test_what_is_absent_comes_with_its_cure(tmp_path, monkeypatch):
    monkeypatch.setenv("BATTUTA_DATA", str(tmp_path / "nowhere"))
    (data,) = [check for check in check_machine() if check.name == "benchmark data"]
    assert not data.is_ok
    assert data.is_optional
    assert "BATTUTA_DATA" in data.mend


def test_fixing_makes_the_runs_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    check_machine(is_fixing=True)
    assert (tmp_path / "battuta-runs").is_dir()
