"""What the calibration of a block of days depends on, as one hash: a kept block whose hash differs is not used."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from battuta.domain.prices import PRICE
from battuta.forecast.day_table import DayTable
from battuta.forecast.price_model import PriceModel
from battuta.numerics.arrays import FloatArray

_FORMAT = "calibrated block 2"


def block_key(table: DayTable, model: PriceModel, anchor: int, first: int, stop: int) -> str:
    """Hash all that members are shown at the gates of a block, which members they are, and what they are asked.

    What is shown at a gate is what is published by then less what is not trusted: publication rules, late days and
    spoiled rows are in it by what they let through.

    Parameters
    ----------
    table : DayTable
        The days, seen through whoever leaves out what is not to be trusted.
    model : PriceModel
        Who calibrates.
    anchor, first, stop : int
        As for `battuta.forecast.member.run_block`.

    Returns
    -------
    str
        In hexadecimal digits.
    """
    members = ",".join(member.name for member in model.members())
    whole = hashlib.sha256(f"{_FORMAT}|{model!r}|{members}|{table.n_slots}|{anchor}|{first}|{stop}".encode())
    before: Mapping[str, FloatArray] = {}
    for day in range(anchor, stop):
        known = table.at_gate(day)
        shown = {PRICE: known.price_per_mwh, **known.columns}
        whole.update(f"|{day}|{known.dates[0]}|{known.dates[-1]}|{len(shown)}|".encode())
        whole.update(known.weekday.tobytes())
        for name, rows in shown.items():
            n_same = _same_rows(before.get(name), rows)
            whole.update(f"|{name!r}|{n_same}|{rows.shape[0]}|".encode())
            whole.update(rows[n_same:].tobytes())
        before = shown
    return whole.hexdigest()


def _same_rows(before: FloatArray | None, rows: FloatArray) -> int:
    """How many leading rows are those of the gate before, to the bit: all of them, or none."""
    if before is None or before.shape[0] > rows.shape[0]:
        return 0
    n_rows = before.shape[0]
    return n_rows if np.array_equal(before.view(np.int64), rows[:n_rows].view(np.int64)) else 0
