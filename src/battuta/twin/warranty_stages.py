"""A warranty over lives whose duty changes: each condition by the duties that a life comes to, once it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from battuta.numerics.arrays import FloatArray
from battuta.twin.warranty_outcome import ClauseKind, ClauseOutcome, WarrantyOutcome, breach_share, first_of


def outcome_of_stages(judged: Sequence[WarrantyOutcome], stage_share: FloatArray) -> WarrantyOutcome:
    """Put together what each stage alone would come to.

    A stage that a life never comes to breaks nothing in it, and a condition that only a later stage breaks is kept
    until that begins. Promises are judged on the lives, which hold all stages, and are alike in each.

    Parameters
    ----------
    judged : sequence of WarrantyOutcome
        The same lives by the duty of each stage in all years.
    stage_share : ndarray, shape (n_lives, n_years, n_stages)
        Share of each year in each stage. [-]

    Returns
    -------
    WarrantyOutcome
        Of the lives as they change.
    """
    whole = judged[0]
    begins = _begins(stage_share)
    clauses = tuple(
        each if each.kind is ClauseKind.PROMISE else _of_stages([one.clause(each.name) for one in judged], begins)
        for each in whole.clauses
    )
    n_lives, n_years = whole.damages.shape
    first = first_of(clauses, n_lives)
    void_year = np.full(n_lives, np.nan)
    if whole.warranty.breach_voids:
        void_year = first_of(tuple(each for each in clauses if each.kind is ClauseKind.CONDITION), n_lives)
    ended = np.arange(1.0, n_years + 1.0) >= np.where(np.isnan(void_year), np.inf, void_year)[:, None]
    owed = np.max([each.damages for each in judged], axis=0)  # of the stage that ends the promises last
    return replace(
        whole,
        clauses=clauses,
        breach_probability=breach_share(first),
        first_breach_year=first,
        void_year=void_year,
        damages=np.where(ended, 0.0, owed),
    )


def _begins(stage_share: FloatArray) -> FloatArray:
    """Year in which each stage begins, NaN where a life never comes to it, shape (n_stages, n_lives). [year]"""
    lived = np.moveaxis(stage_share > 0.0, 2, 0)
    return np.where(lived.any(axis=2), 1.0 + lived.argmax(axis=2), np.nan)


def _of_stages(stages: Sequence[ClauseOutcome], begins: FloatArray) -> ClauseOutcome:
    margin = np.array([np.where(np.isnan(own), np.nan, each.margin) for each, own in zip(stages, begins, strict=True)])
    broken = np.array([np.maximum(each.first_breach_year, own) for each, own in zip(stages, begins, strict=True)])
    which = np.argmin(np.where(np.isnan(margin), np.inf, margin), axis=0)
    first = np.fmin.reduce(broken, axis=0)
    consumed = {
        name: np.take_along_axis(np.array([each.consumed_by[name] for each in stages]), which[None], axis=0)[0]
        for name in stages[0].consumed_by
    }
    smallest = np.take_along_axis(margin, which[None], axis=0)[0]
    return replace(
        stages[int(np.bincount(which).argmax())],
        margin=smallest,
        breach_probability=breach_share(first),
        first_breach_year=first,
        consumed_by=consumed,
    )
