"""Battuta: the software layer above grid batteries.

``import battuta as bt`` gives the names below. They are fetched when first used, so that the import itself
costs nothing.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inspect import Signature

    from battuta.interfaces.python import (
        Backtest,
        Battery,
        BattutaError,
        Block,
        Curve,
        DayContext,
        Decision,
        ForecastResult,
        HealthScan,
        IssuedForecast,
        IssuedSiteForecast,
        LifeStudy,
        Maintenance,
        Plan,
        PriceSeries,
        Run,
        Site,
        SiteForecastResult,
        Strategy,
        StudyInputs,
        StudyJob,
        WarrantyWatch,
        WaysCompared,
        Wear,
        backtest,
        example_telemetry,
        forecast,
        forecast_site,
        issue_forecast,
        issue_site_forecast,
        life_study,
        plan_maintenance,
        read_prices,
        replay,
        run,
        scan_health,
        schedule,
        submit_life_study,
        synthetic_prices,
        uniform_ageing,
        watch_warranty,
    )

__version__ = "0.1.0"
__all__ = [
    "Backtest",
    "Battery",
    "BattutaError",
    "Block",
    "Curve",
    "DayContext",
    "Decision",
    "ForecastResult",
    "HealthScan",
    "IssuedForecast",
    "IssuedSiteForecast",
    "LifeStudy",
    "Maintenance",
    "Plan",
    "PriceSeries",
    "Run",
    "Site",
    "SiteForecastResult",
    "Strategy",
    "StudyInputs",
    "StudyJob",
    "WarrantyWatch",
    "WaysCompared",
    "Wear",
    "__version__",
    "backtest",
    "example_telemetry",
    "forecast",
    "forecast_site",
    "issue_forecast",
    "issue_site_forecast",
    "life_study",
    "plan_maintenance",
    "read_prices",
    "replay",
    "run",
    "scan_health",
    "schedule",
    "submit_life_study",
    "synthetic_prices",
    "uniform_ageing",
    "watch_warranty",
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


class _Room(ModuleType):
    """A room that has the name of a function of the facade, and can be called as that function.

    ``battuta.forecast`` is the room where forecasts are made as soon as anything of it is imported, so ``bt.forecast``
    finds the room and not the function. Called, it makes way: see `battuta.interfaces.python.forecasts.forecast`.
    """

    def __call__(self, *given: object, **named: object) -> object:
        """Call the function of the facade."""
        called = self._function()
        return called(*given, **named) if callable(called) else called

    @property
    def __signature__(self) -> "Signature | None":
        """What the function of the facade takes, for whoever asks a notebook."""
        from inspect import signature

        called = self._function()
        return signature(called) if callable(called) else None

    def _function(self) -> object:
        return getattr(import_module(_FACADE), self.__name__.rpartition(".")[2])


import_module("battuta.forecast").__class__ = _Room
