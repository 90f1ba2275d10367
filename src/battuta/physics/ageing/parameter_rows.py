"""Parameter sets of ageing models, read from the files in `sets` into the rows that loops take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from battuta.domain import catalogue
from battuta.domain.errors import DataError
from battuta.numerics.arrays import FloatArray

if TYPE_CHECKING:
    from collections.abc import Mapping


def parameter_row(name: str, keys: Mapping[str, tuple[str, ...]]) -> FloatArray:
    """Read a parameter set.

    Parameters
    ----------
    name : str
        Name of the file in ``physics/ageing/sets``.
    keys : Mapping of str to tuple of str
        Keys of each section, in the order of the row.

    Returns
    -------
    ndarray, shape (n_keys,)
        Their numbers.

    Raises
    ------
    DataError
        If one is missing or no number.
    """
    table = catalogue.table("physics.ageing", "sets", name)
    figures: list[float] = []
    for section, wanted in keys.items():
        given = table.get(section)
        for key in wanted:
            held = given.get(key) if isinstance(given, dict) else None
            if isinstance(held, bool) or not isinstance(held, int | float):
                message = f"physics/ageing/sets/{name}.toml: {section}.{key} must be a number; got {held!r}"
                raise DataError(message)
            figures.append(float(held))
    return np.array(figures)
