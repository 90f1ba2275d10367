"""What the spread of a study's money is made of, as the financial section and the annex tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from battuta.interfaces.reports.twin_blocks import Block, Rows, Subheading, Words
from battuta.interfaces.reports.wording import MISSING
from battuta.twin.study_variance import AXES

if TYPE_CHECKING:
    from battuta.interfaces.reports.twin_figures import StrategyFigures
    from battuta.interfaces.reports.twin_json_parts import Json
    from battuta.twin.sensitivity import SobolIndices
    from battuta.twin.study_sensitivity import StrategyRisk
    from battuta.twin.study_variance import VarianceShares


def variance_blocks(known: list[tuple[StrategyFigures, StrategyRisk]]) -> tuple[Block, ...]:
    """Blocks on what the spread is made of; none where it was not asked.

    Parameters
    ----------
    known : list of tuple
        Strategies, and how sure their money is.

    Returns
    -------
    tuple of Block
        A heading, a table and what it means.
    """
    asked = [(each, sure.variance) for each, sure in known if sure.variance is not None]
    if not asked:
        return ()
    has_debt = any(shares.min_dscr is not None for _, shares in asked)
    coverage = ("worst DSCR, alone", "with others") if has_debt else ()
    rows = [row for each, shares in asked for row in _rows(each.name, shares, has_debt=has_debt)]
    n_samples = asked[0][1].n_samples
    return (
        Subheading(text="All at once"),
        Words(
            text="Sobol indices: shares of the variance of the answers that are due to what is drawn, each axis by "
            "itself, from the lives and years of this study. Alone is what an axis explains without the others; with "
            "others counts all it takes part in, so that those shares may add up to more than all. Level is the mean "
            "price of a life over its years, year to year its course around that; rates are how fast a life ages "
            "among those of its model; availability holds failures and what they cost. Where a duty is served to the "
            "end whatever the battery has left, ageing moves the warranty and not the money. What is not drawn, such "
            "as the cost of building, has no share here: it is in the bars above."
        ),
        Rows(
            caption="What the spread is made of, % of the variance ± standard error of the "
            f"estimate from 2 x {n_samples:,} samples; a dash: the answer does not spread",
            columns=("strategy", "axis", "NPV, alone", "with others", *coverage),
            rows=tuple(rows),
            word_columns=(0, 1),
        ),
    )


def variance_json(shares: VarianceShares) -> dict[str, Json]:
    """Write first and total indices of each axis; absent where an answer does not spread."""
    told: dict[str, Json] = {"samples": shares.n_samples}
    for name, found in (("npv", shares.npv), ("min_dscr", shares.min_dscr)):
        if found is not None:
            told[name] = _indices(found)
    return told


def _indices(found: SobolIndices) -> dict[str, Json]:
    columns = (found.first, found.first_deviation, found.total, found.total_deviation)
    names = ("first", "first_error", "total", "total_error")
    return {
        axis: dict(zip(names, (float(column[k]) for column in columns), strict=True))
        for k, axis in enumerate(found.names)
    }


def _rows(name: str, shares: VarianceShares, *, has_debt: bool) -> list[tuple[str, ...]]:
    answers = (shares.npv, shares.min_dscr) if has_debt else (shares.npv,)
    return [
        (name if k == 0 else "", axis, *(cell for found in answers for cell in _cells(found, k)))
        for k, axis in enumerate(AXES)
    ]


def _cells(found: SobolIndices | None, k: int) -> tuple[str, str]:
    if found is None:
        return MISSING, MISSING
    pairs = ((found.first[k], found.first_deviation[k]), (found.total[k], found.total_deviation[k]))
    alone, whole = (_share_text(float(share), float(error)) for share, error in pairs)
    return alone, whole


def _share_text(share: float, error: float) -> str:
    """Write a share with its error; one that is not told from nothing is nothing.

    Examples
    --------
    >>> _share_text(0.917, 0.028), _share_text(-0.0004, 0.0006)
    ('92 ± 3', '0')
    """
    if abs(share) < 0.005 and error < 0.005:
        return "0"
    return f"{100.0 * share:.0f} ± {max(100.0 * error, 0.5):.0f}" if error >= 0.005 else f"{100.0 * share:.0f}"
