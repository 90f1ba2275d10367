"""The terms of which every ageing model is a sum, whatever it was fitted on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal


class TermKind(IntEnum):
    """How a term goes on."""

    POWER = 0
    SIGMOID = 1


class AgedQuantity(IntEnum):
    """What a term takes from."""

    CAPACITY = 0
    RESISTANCE = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeingTerm:
    """One cause of ageing of one quantity.

    Attributes
    ----------
    name : str
        Name, for tables and posteriors.
    quantity : AgedQuantity
        What it takes from.
    kind : TermKind
        How it goes on.
    exponent : float
        That of a power term; a sigmoid has its own each day, and 1 here. [-]
    slot : int
        Its first slot in a day's stresses: one for a power term, three for a sigmoid.
    cause : {"calendar", "cycle"}
        Time or throughput.
    """

    name: str
    quantity: AgedQuantity
    kind: TermKind
    exponent: float
    slot: int
    cause: Literal["calendar", "cycle"]
