"""What a forecast looked at, as one hash for each gate: a stored forecast whose hash differs is not used again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from battuta.domain.prices import PRICE
from battuta.forecast.day_table import DayTable, KnownDays
from battuta.forecast.watched_inputs import WatchedInputs
from battuta.numerics.arrays import FloatArray, IntArray

_DIGITS = 24


def input_hashes(table: DayTable, watched: WatchedInputs, first: int, stop: int, settings: str) -> list[str]:
    """Hash what is known at the gate of each day, and what of it is not trusted by then.

    Parameters
    ----------
    table : DayTable
        The days, nothing left out.
    watched : WatchedInputs
        What was found spoiled, and when.
    first, stop : int
        Days ``[first, stop)``.
    settings : str
        What else decides on a forecast: model, version, unit.

    Returns
    -------
    list of str
        One per day, in hexadecimal digits.
    """
    known = table.at_gate(stop - 1)
    chains = {name: _chain(rows) for name, rows in _all_rows(known).items()}
    return [_hash(table.at_gate(day), watched, chains, settings) for day in range(first, stop)]


def _all_rows(known: KnownDays) -> dict[str, FloatArray]:
    return {PRICE: known.price_per_mwh, **known.columns}


def _chain(rows: FloatArray) -> list[bytes]:
    """Hashes of the first 0, 1, 2, ... rows, each made from the one before it."""
    link = b""
    links = [link]
    for at in range(rows.shape[0]):
        link = hashlib.sha256(link + rows[at].tobytes()).digest()
        links.append(link)
    return links


def _hash(known: KnownDays, watched: WatchedInputs, chains: Mapping[str, list[bytes]], settings: str) -> str:
    whole = hashlib.sha256(f"{settings}|{known.dates[0]}|{known.day}|{known.n_slots}|".encode())
    whole.update(known.weekday.tobytes())
    for name, rows in sorted(_all_rows(known).items()):
        n_rows = int(rows.shape[0])
        whole.update(f"|{name}|{n_rows}|".encode())
        whole.update(chains[name][n_rows])
        found_on = watched.found_on(known.day)
        if name in found_on:
            found: IntArray = found_on[name][:n_rows]
            whole.update(np.where(found <= known.day, found, -1).tobytes())
    return whole.hexdigest()[:_DIGITS]
