"""Rows cut where the UTC day ends and where a string changes its number of cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from battuta.adapters.telemetry.rows import Rows, joined
from battuta.domain.errors import DataError
from battuta.domain.time import NS_PER_DAY, from_ns

N_RUNS_MAX = 24
"""Times that a string may change its number of cells within one day. [-]"""


def days_of(parts: Sequence[Rows]) -> Iterator[list[Rows]]:
    """Cut rows of one string by UTC day.

    Parameters
    ----------
    parts : sequence of Rows
        Each of one shape, in file order.

    Yields
    ------
    list of Rows
        Rows of one day, the days ascending.
    """
    if not parts:
        return
    days = [part.time_ns // NS_PER_DAY for part in parts]
    for day in np.unique(np.concatenate(days)).tolist():
        chosen: list[Rows] = []
        for part, own in zip(parts, days, strict=True):
            here = own == day
            if here.any():
                chosen.append(part if here.all() else part.take(here))
        yield chosen


def in_runs(parts: Sequence[Rows], source: str) -> Iterator[Rows]:
    """Cut the rows of a day where its shape changes.

    Parameters
    ----------
    parts : sequence of Rows
        Each of one shape.
    source : str
        File or folder, for the error.

    Yields
    ------
    Rows
        Rows of one shape each, none reaching into another's times.

    Raises
    ------
    DataError
        If the shape changes all the time.
    """
    ordered = sorted(parts, key=lambda part: part.shape)
    shapes = [joined(list(same)) for _, same in groupby(ordered, key=lambda part: part.shape)]
    if len(shapes) == 1:
        yield shapes[0]
        return
    time_ns = np.concatenate([rows.time_ns for rows in shapes])
    owner = np.repeat(np.arange(len(shapes)), [rows.n_times for rows in shapes])
    order = np.lexsort((owner, time_ns))
    edges = np.flatnonzero(np.diff(owner[order])) + 1
    if edges.size >= N_RUNS_MAX:
        at = from_ns(int(time_ns[order[edges[0]]])).isoformat()
        sizes = " and ".join(f"{rows.shape[0]} cells" for rows in shapes)
        message = (
            f"{source}: string {shapes[0].string_id} changes its number of cells or sensors {edges.size} times from "
            f"{at} on ({sizes}); look whether two strings carry one name"
        )
        raise DataError(message)
    place = np.concatenate([np.arange(rows.n_times) for rows in shapes])
    for run in np.split(order, edges):
        yield shapes[int(owner[run[0]])].take(np.sort(place[run]))
