"""A run and what is kept of it: a folder with its summary, its steps and its report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from battuta.app.clock import utc_now
from battuta.domain.asset import Site
from battuta.domain.errors import DataError
from battuta.domain.prices import PriceSeries
from battuta.studies.backtest import BacktestResult, run_backtest


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRun:
    """A finished run.

    Attributes
    ----------
    result : BacktestResult
        What came of it.
    folder : Path
        Where it is kept.
    seconds : float
        How long the study took. [s]
    """

    result: BacktestResult
    folder: Path
    seconds: float


def trade_site(
    series: PriceSeries,
    site: Site,
    names: Sequence[str],
    n_days: int,
    *,
    seed: int,
    runs_dir: Path,
    progress: Callable[[str, int, int], None] | None = None,
) -> KeptRun:
    """Trade one site over the last days of a price series and make a folder for what is kept.

    Parameters
    ----------
    series : PriceSeries
        Prices with history.
    site : Site
        The asset.
    names : sequence of str
        Strategies.
    n_days : int
        Number of last days.
    seed : int
        Named in the folder.
    runs_dir : Path
        Where runs are kept.
    progress : callable or None
        Called with strategy, days done and days in all.

    Returns
    -------
    KeptRun
        The result and its folder, which exists and is empty.
    """
    started = perf_counter()
    result = run_backtest(series, site, names, n_days, progress=progress)
    seconds = perf_counter() - started
    folder = runs_dir / f"{utc_now():%Y%m%dT%H%M%SZ}-{seed}"
    for attempt in range(1, 1000):
        candidate = folder if attempt == 1 else folder.with_name(f"{folder.name}-{attempt}")
        try:
            candidate.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            message = f"{candidate} cannot be made: {error.strerror}; choose another place with --runs-dir"
            raise DataError(message) from None
        return KeptRun(result=result, folder=candidate, seconds=seconds)
    message = f"{folder} and its numbered neighbours exist; choose another place with --runs-dir"
    raise DataError(message)
