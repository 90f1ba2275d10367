"""Which alarms of a run are open and which are over, and what each says to a person."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from battuta.domain.time import from_ns
from battuta.numerics.arrays import BoolArray
from battuta.site.fast_lane import FastCause

if TYPE_CHECKING:
    from battuta.services.conductor_events import Alarm

STOPS = frozenset(FastCause.__members__)

WORDS = {
    "GAS": "gas at the fire panel",
    "SMOKE": "smoke at the fire panel",
    "TEMPERATURE_SLOPE": "a cell warms too fast",
    "VOLTAGE_COLLAPSE": "a cell's voltage collapsed",
    "OVER_TEMPERATURE": "a cell is too hot",
    "OVER_VOLTAGE": "a cell's voltage is too high",
    "STALE_TELEMETRY": "instruments are silent, goes to its safe state",
    "PANEL_SILENT": "the fire panel is silent: nobody would see gas or smoke",
    "CELLS_UNSEEN": "the battery does not say how its cells are",
    "MANDATE_EXPIRED": "its mandate ran out: no power is allowed",
    "CLOCK_STEP": "the clock was moved: no timed wish counts for 30 s",
    "CHILLER_WEAK": "the chiller cools less than it should",
    "CHILLER_SILENT": "the chiller is silent",
    "CHILLER_NOT_OBEYING": "the chiller does not do what it is asked",
    "DEVICE_LOST": "connection lost",
    "DEVICE_CONFLICT": "the device acts of its own",
    "DERATED": "a finding leaves less of it",
    "WORLD_ENDED": "the simulated world ended by itself",
}
"""What an alarm says, by the first word of its cause; what follows that word is added."""

ENDS = {
    "TELEMETRY_BACK": "STALE_TELEMETRY",
    "PANEL_BACK": "PANEL_SILENT",
    "CELLS_SEEN": "CELLS_UNSEEN",
    "DEVICE_BACK": "DEVICE_LOST",
    "CHILLER_WEAK_BACK": "CHILLER_WEAK",
    "DERATING_LIFTED": "DERATED",
    "CHILLER_SILENT_BACK": "CHILLER_SILENT",
    "CHILLER_NOT_OBEYING_BACK": "CHILLER_NOT_OBEYING",
}
"""What is over once something is told."""


def alarm_words(cause: str) -> str:
    """Say a cause in words.

    Parameters
    ----------
    cause : str
        As the alarm has it.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> alarm_words("GAS")
    'gas at the fire panel, stopped'
    >>> alarm_words("CLOCK_STEP +2.000 s")
    'the clock was moved: no timed wish counts for 30 s (+2.000 s)'
    """
    kind, *detail = cause.split()
    kinds = kind.split("|")
    words = ", ".join(WORDS.get(each, each.lower().replace("_", " ")) for each in kinds)
    words += ", stopped" if STOPS.issuperset(kinds) else ""
    return f"{words} ({' '.join(detail)})" if detail else words


class OpenAlarms:
    """The alarms of a run as they begin and end.

    Parameters
    ----------
    n_over_kept : int
        How many of those that are over are kept, the newest.
    """

    def __init__(self, n_over_kept: int = 3) -> None:
        self._open: dict[tuple[int, str], tuple[int, Alarm]] = {}
        self._over: deque[tuple[int, Alarm]] = deque(maxlen=n_over_kept)
        self._n_heard = 0
        self.n_over = 0

    @property
    def open(self) -> list[tuple[int, Alarm]]:
        """Those that still hold, with their times in ns: first those that call people out; newest first in both."""
        newest_first = reversed(self._open.values())
        return sorted(newest_first, key=lambda each: not each[1].calls_out)

    @property
    def over(self) -> list[tuple[int, Alarm]]:
        """The newest of those that are over, newest first."""
        return list(reversed(self._over))

    def hear(self, alarms: Sequence[tuple[int, Alarm]], stopped: BoolArray, *, is_clock_lost: bool) -> None:
        """Take what a run told so far.

        Parameters
        ----------
        alarms : sequence of (int, Alarm)
            All alarms of the run and when, oldest first; only new ones are looked at. [ns]
        stopped : ndarray of bool, shape (n_sites,)
            Sites that stand stopped now: a stop is over once somebody reset it.
        is_clock_lost : bool
            Whether the clock is not trusted now.
        """
        for time_ns, alarm in alarms[self._n_heard :]:
            kind = alarm.cause.split()[0]
            if kind in ENDS:
                self._end((alarm.site, ENDS[kind]))
            else:
                self._open.pop((alarm.site, kind), None)
                self._open[alarm.site, kind] = (time_ns, alarm)
        self._n_heard = len(alarms)
        for site, kind in list(self._open):
            is_reset = STOPS.issuperset(kind.split("|")) and not stopped[site]
            if is_reset or (kind == "CLOCK_STEP" and not is_clock_lost):
                self._end((site, kind))

    def stops(self, site: int) -> list[str]:
        """Name what stopped a site, what came first first."""
        kinds = [each for number, kind in self._open if number == site for each in kind.split("|")]
        return [each for each in kinds if each in STOPS]

    def lines(self, now_ns: int, n_lines: int) -> list[tuple[str, bool]]:
        """Write the newest alarms, open ones (see `open`) before those that are over, and how many more there are.

        Parameters
        ----------
        now_ns : int
            Time at which they are read. [ns]
        n_lines : int
            How many alarms are written at most.

        Returns
        -------
        list of (str, bool)
            Lines, and whether each is of an open alarm.
        """
        found = [(_line(now_ns, *each), True) for each in self.open[:n_lines]]
        found += [(f"{_line(now_ns, *each)} (over)", False) for each in self.over[: n_lines - len(found)]]
        n_open_shown = min(len(self._open), n_lines)
        more_open, more_over = len(self._open) - n_open_shown, self.n_over - (len(found) - n_open_shown)
        more = [f"{more_open} more open"] if more_open else []
        more += [f"{more_over} more over"] if more_over else []
        if more:
            found.append((f"and {', '.join(more)}", more_open > 0))
        return found or [("no alarms", False)]

    def _end(self, key: tuple[int, str]) -> None:
        ended = self._open.pop(key, None)
        if ended is not None:
            self._over.append(ended)
            self.n_over += 1


def _line(now_ns: int, time_ns: int, alarm: Alarm) -> str:
    when, now = from_ns(time_ns), from_ns(now_ns)
    told = f"{when:%H:%M:%S}" if when.date() == now.date() else f"{when:%Y-%m-%d %H:%M:%S}"
    where = f"site {alarm.site}" if alarm.site >= 0 else "all sites"
    return f"{told}  {where}  {alarm_words(alarm.cause)}{'; people are called' if alarm.calls_out else ''}"
