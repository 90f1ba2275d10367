"""All strategies by the name that the command line spells."""

from __future__ import annotations

from collections.abc import Iterable

from battuta.domain.errors import UsageError
from battuta.studies.strategies import oracles, planned, ruled
from battuta.studies.strategies.strategy import Strategy

STRATEGIES: dict[str, Strategy] = {
    strategy.name: strategy
    for strategy in (
        ruled.IDLE,
        ruled.FIXED_TIME,
        ruled.FIXED_TIME_FITTED,
        ruled.FIXED_TIME_REFITTED,
        ruled.PERCENTILE,
        planned.PERSISTENCE,
        planned.SIMILAR_DAY,
        planned.MEDIAN_PROFILE_28D,
        planned.DAY_AHEAD,
        oracles.ORACLE_DAY,
        oracles.ORACLE_ROLLING_48H,
        oracles.ORACLE_YEAR,
    )
}


def strategies_by_name(names: Iterable[str | Strategy]) -> list[Strategy]:
    """Look strategies up; a `Strategy` of one's own passes through.

    Parameters
    ----------
    names : iterable of str or Strategy
        Names or strategies.

    Returns
    -------
    list of Strategy
        In the order given, without repeats.

    Raises
    ------
    UsageError
        If a name is not known; the message lists those that are.
    """
    chosen: dict[str, Strategy] = {}
    for name in names:
        strategy = name if isinstance(name, Strategy) else STRATEGIES.get(name.strip())
        if strategy is None:
            message = f"strategy {name!r} is not known; choose from {', '.join(STRATEGIES)}"
            raise UsageError(message)
        chosen[strategy.name] = strategy
    return list(chosen.values())
