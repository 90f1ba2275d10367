"""Battuta: the software layer above grid batteries.

``import battuta as bt`` gives the names below. They are fetched when first used, so that the import itself
costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from battuta.interfaces.python import (
        Backtest,
        Battery,
        BattutaError,
        Curve,
        DayContext,
        Decision,
        Plan,
        PriceSeries,
        Run,
        Site,
        Strategy,
        StudyInputs,
        Wear,
        backtest,
        read_prices,
        replay,
        run,
        schedule,
        synthetic_prices,
    )

__version__ = "0.1.0"
__all__ = [
    "Backtest",
    "Battery",
    "BattutaError",
    "Curve",
    "DayContext",
    "Decision",
    "Plan",
    "PriceSeries",
    "Run",
    "Site",
    "Strategy",
    "StudyInputs",
    "Wear",
    "__version__",
    "backtest",
    "read_prices",
    "replay",
    "run",
    "schedule",
    "synthetic_prices",
]

_FACADE = "battuta.interfaces.python"


def __getattr__(name: str) -> object:
    """Fetch a public name from the facade on first use."""
    if name not in __all__:
        message = f"module 'battuta' has no attribute '{name}'"
        raise AttributeError(message)
    value: object = getattr(import_module(_FACADE), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name what there is, fetched or not."""
    return sorted(__all__)
