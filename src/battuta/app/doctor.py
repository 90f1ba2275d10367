"""Checks of the machine: the Python, the libraries, the compiler's cache, the data folder."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PYTHON_MIN = (3, 11)
FREE_GB_MIN = 1.0
LIBRARIES = ("numpy", "numba", "highspy", "polars", "pydantic", "typer", "rich", "httpx", "plotly")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check.

    Attributes
    ----------
    name : str
        What was looked at.
    is_ok : bool
        True when nothing needs doing.
    found : str
        What was found.
    mend : str
        What to do, empty when nothing.
    is_optional : bool
        True when Battuta runs without it.
    """

    name: str
    is_ok: bool
    found: str
    mend: str = ""
    is_optional: bool = False


def check_machine(*, is_fixing: bool = False) -> list[Check]:
    """Look at everything that a first run needs.

    Parameters
    ----------
    is_fixing : bool
        True mends what can be mended without asking: it makes the runs folder.

    Returns
    -------
    list of Check
        One per thing looked at.
    """
    checks = [_python(), *(_library(name) for name in LIBRARIES), _cache(), _disk(), _data()]
    checks.append(_works("dynamic programming engine", "dynamic"))
    checks.append(_works("HiGHS engine", "milp"))
    if is_fixing:
        Path("battuta-runs").mkdir(exist_ok=True)
    return checks


def _python() -> Check:
    is_ok = sys.version_info >= PYTHON_MIN
    mend = "" if is_ok else "install Python 3.11 or newer, then: make run PY=python3.12"
    return Check(name="Python", is_ok=is_ok, found=f"{platform.python_version()} on {platform.platform()}", mend=mend)


def _library(name: str) -> Check:
    try:
        return Check(name=name, is_ok=True, found=importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Check(name=name, is_ok=False, found="not installed", mend="pip install battuta")


def _cache() -> Check:
    folder = os.environ.get("NUMBA_CACHE_DIR", "")
    beside = Path(__file__).parent
    is_ok = os.access(folder or beside, os.W_OK) or os.access(Path.home(), os.W_OK)
    mend = "" if is_ok else "set NUMBA_CACHE_DIR to a folder you may write, or kernels compile at every start"
    return Check(
        name="kernel cache",
        is_ok=is_ok,
        found=folder or "beside the package or in the home folder",
        mend=mend,
        is_optional=True,
    )


def _disk() -> Check:
    free_gb = shutil.disk_usage(tempfile.gettempdir()).free / 1e9
    is_ok = free_gb >= FREE_GB_MIN
    return Check(name="free disk", is_ok=is_ok, found=f"{free_gb:.1f} GB", mend="" if is_ok else "free some space")


def _data() -> Check:
    named = os.environ.get("BATTUTA_DATA", "")
    folder = Path(named or "../shared/data")
    is_ok = folder.is_dir()
    mend = "" if is_ok else "needed only for tests on real prices: name their folder in BATTUTA_DATA"
    return Check(
        name="benchmark data",
        is_ok=is_ok,
        found=str(folder) if is_ok else f"{named} is absent" if named else "none",
        mend=mend,
        is_optional=True,
    )


def _works(name: str, engine: str) -> Check:
    try:
        objective = _two_steps(engine)
    except Exception as error:  # noqa: BLE001  a doctor reports whatever is wrong
        return Check(
            name=name, is_ok=False, found=f"{type(error).__name__}: {error}", mend="reinstall: make clean; make run"
        )
    is_ok = abs(objective - 8.0) < 1e-9
    return Check(
        name=name,
        is_ok=is_ok,
        found=f"two-step test schedule earns {objective:.2f} (expected 8.00)",
        mend="" if is_ok else "report it",
    )


def _two_steps(engine: str) -> float:
    import numpy as np  # noqa: PLC0415  a broken library must show as a failed check

    from battuta.domain.asset import Battery, Site  # noqa: PLC0415
    from battuta.trading.problem import storage_problem  # noqa: PLC0415
    from battuta.trading.schedule import Engine, best_plan  # noqa: PLC0415

    site = Site(battery=Battery(power_kw=100.0, energy_kwh=100.0))
    problem = storage_problem(site, np.array([20.0, 100.0]), 1.0)
    plan = best_plan(problem, Engine(engine), is_calm=False)  # calm plans give up a millionth of the money
    return float(plan.power_kw @ problem.sell_per_mwh) / 1000.0
