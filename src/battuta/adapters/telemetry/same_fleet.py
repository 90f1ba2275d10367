"""A state that was kept of one fleet does not go on with the telemetry of another."""

from __future__ import annotations

from collections.abc import Collection

from battuta.domain.errors import DataError

N_SHOWN = 5


def require_same_fleet(strings: Collection[str], seen: Collection[str], source: str) -> None:
    """Refuse a record that shares not a single string with what an earlier run has seen.

    Parameters
    ----------
    strings : collection of str
        Strings of the record, those without later rows among them.
    seen : collection of str
        Strings that an earlier run has seen; none where there was no run.
    source : str
        File or folder of the record, for the error.

    Raises
    ------
    DataError
        If there is none in both.

    Examples
    --------
    >>> require_same_fleet(["A", "B"], ["B", "C"], "new")
    """
    if seen and strings and not set(strings) & set(seen):
        message = (
            f"the state was kept of strings {_named(seen)}, and {source} has {_named(strings)}: it is the state of "
            "another fleet. Name the state of this one, or a file that is not there yet to begin anew"
        )
        raise DataError(message)


def _named(strings: Collection[str]) -> str:
    more = f" and {len(strings) - N_SHOWN} more" if len(strings) > N_SHOWN else ""
    return ", ".join(sorted(strings)[:N_SHOWN]) + more
