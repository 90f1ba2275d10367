"""Studies of twenty years in a notebook: a study file in; lives, warranty and money out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl

from battuta.app.life_studies import answer, read_study
from battuta.app.result_file import write_result
from battuta.domain.errors import UsageError
from battuta.interfaces.python.arguments import require_count, require_path
from battuta.interfaces.python.life_tables import lives_frame
from battuta.interfaces.python.tables import notebook_html
from battuta.studies.life_study_result import LifeStudyResult
from battuta.twin.exceedance import exceeded

WHERE = "bt.life_study"
_SHARES = (0.1, 0.5, 0.9)


class LifeStudy:
    """What a study of twenty years came to.

    Parameters
    ----------
    result : LifeStudyResult
        The answer with all its parts.
    """

    def __init__(self, result: LifeStudyResult) -> None:
        self._result = result

    @property
    def result(self) -> LifeStudyResult:
        """The answer with all its parts: arrays by strategy, life and year."""
        return self._result

    @property
    def lives(self) -> pl.DataFrame:
        """One row per strategy, life and year."""
        return lives_frame(self._result)

    @property
    def table(self) -> pl.DataFrame:
        """One row per strategy: health at the end, warranty, return and debt.

        Of health P10, P50, P90 are quantiles of the lives, of money what so many of the lives better, so that P90 is
        the low one.
        """
        return pl.DataFrame(
            [
                {
                    "strategy": each.strategy.name,
                    "full_cycles_first_year": each.summary.full_cycles,
                    **_quantiles("soh_capacity_end", each.lives.soh_capacity[:, -1]),
                    "warranty_breach_probability": None if each.warranty is None else each.warranty.breach_probability,
                    **_bettered("irr", each.finance.irr),
                    **_bettered("npv", each.finance.npv),
                    "debt": float(np.median(each.finance.debt)),
                    **_bettered("min_dscr", each.finance.min_dscr),
                    "lcos_nominal_per_mwh": float(np.median(each.finance.lcos_nominal)),
                    "currency": each.finance.currency,
                }
                for each in self._result.strategies
            ],
            infer_schema_length=None,
        )

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader has to know: what is synthetic, assumed, or beyond what a model was fitted on."""
        own = [remark for each in self._result.strategies for remark in each.remarks]
        return tuple(dict.fromkeys((*self._result.remarks, *own)))

    def save_report(self, path: str | Path) -> Path:
        """Write the report.

        Parameters
        ----------
        path : str or Path
            A ``.pdf`` or a ``.html`` file.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        UsageError
            If it is neither.
        DataError
            If the disk does not take it.
        """
        from importlib.metadata import version

        where = require_path(f"{WHERE}(...).save_report", "path", path)
        if where.suffix.lower() == ".pdf":
            from battuta.interfaces.reports.twin_pdf import twin_pdf

            write_result(where, twin_pdf(self._result, version=version("battuta")), makes_folder=True)
        elif where.suffix.lower() == ".html":
            from battuta.interfaces.reports.twin_html import twin_html

            write_result(where, twin_html(self._result, version=version("battuta")).encode(), makes_folder=True)
        else:
            message = f"{WHERE}(...).save_report: {where} is neither a .pdf nor a .html file"
            raise UsageError(message)
        return where

    def __repr__(self) -> str:
        """Say what was asked."""
        study = self._result.study
        return f"LifeStudy({study.name!r}, {len(study.strategies)} strategies, {study.n_lives} lives)"

    def _repr_html_(self) -> str:
        return notebook_html(self.table)


def life_study(
    study: str | Path, *, lives: int | None = None, seed: int | None = None, threads: int | None = None
) -> LifeStudy:
    """Answer a study: lives of several ageing models, the warranty over them, and the money behind them.

    Parameters
    ----------
    study : str or Path
        Study file; ``battuta schema study --example`` prints one.
    lives, seed : int or None
        In place of those of the file.
    threads : int or None
        Pieces of work at once, one per core if left out; the answer does not depend on it.

    Returns
    -------
    LifeStudy
        The answer.

    Raises
    ------
    DataError, UsageError
        If the study asks what cannot be answered; what, where and how to mend it is said.
    """
    path = require_path(WHERE, "study", study)
    counts = {
        name: value for name, value in (("lives", lives), ("seed", seed), ("threads", threads)) if value is not None
    }
    require_count(WHERE, **counts)
    return LifeStudy(answer(read_study(path), path.parent, n_lives=lives, seed=seed, n_threads=threads))


def _bettered(name: str, values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Mapping[str, float | None]:
    """Give what so many of the lives better; a life that has none counts as the worst."""
    found = {f"{name}_p{100.0 * share:.0f}": float(exceeded(values, (share,))[0]) for share in _SHARES}
    return {key: value if math.isfinite(value) else None for key, value in found.items()}


def _quantiles(name: str, values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Mapping[str, float | None]:
    known = values[np.isfinite(values)]
    found = [float(each) for each in np.quantile(known, _SHARES)] if known.size else [None] * len(_SHARES)
    return dict(zip((f"{name}_p10", f"{name}_p50", f"{name}_p90"), found, strict=True))
