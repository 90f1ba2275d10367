"""What the reader of a study that trades has to know of its capture, its years, and what they leave out."""

from __future__ import annotations

from battuta.studies.trading_duty import TradingDuty

_FEW_YEARS = 10


def remarks_on_trading(traded: TradingDuty | None) -> list[str]:
    """Say what a reader has to know; nothing where nothing is traded.

    Parameters
    ----------
    traded : TradingDuty or None
        What was traded.

    Returns
    -------
    list of str
        A sentence each.

    Examples
    --------
    >>> remarks_on_trading(None)
    []
    """
    if traded is None:
        return []
    n_years, share = len(traded.years), 100.0 * traded.capture_share
    counted = "one year" if n_years == 1 else f"{n_years} years"
    if traded.is_perfect_foresight:
        bound = "its schedules knew prices beforehand: their margin is an upper bound"
        said = [f"{bound}, of which {share:.0f} % is ASSUMED to be earned"]
    else:
        blind = f"{traded.strategy} decided without foresight; on {counted} it earned"
        said = [f"{blind} {100.0 * traded.captured:.1f} % of the margin of perfect foresight day by day"]
    if n_years < _FEW_YEARS:
        known = f"{counted} of history {'is' if n_years == 1 else 'are'} all that is known of how years differ"
        said.append(f"{known}: beyond them only level and spread are drawn, whatever P99 says")
    if n_years > 1:
        said.append("years of history are drawn for the money and lived in turn by the cells")
    return said
