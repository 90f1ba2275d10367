"""The Python API: what ``import battuta as bt`` offers, each name fetched when it is first used."""

from battuta.domain.asset import Battery
from battuta.domain.curves import Curve
from battuta.domain.errors import BattutaError
from battuta.domain.prices import PriceSeries
from battuta.domain.telemetry import Block
from battuta.domain.wear import Wear
from battuta.interfaces.python.calls import backtest, read_prices, schedule, synthetic_prices
from battuta.interfaces.python.forecasts import ForecastResult, IssuedForecast, forecast, issue_forecast
from battuta.interfaces.python.health import HealthScan, example_telemetry, scan_health
from battuta.interfaces.python.health_plan import Maintenance, plan_maintenance
from battuta.interfaces.python.life_studies import LifeStudy, life_study
from battuta.interfaces.python.living import Run, replay, run
from battuta.interfaces.python.results import Backtest, Plan
from battuta.interfaces.python.site_forecasts import (
    IssuedSiteForecast,
    SiteForecastResult,
    forecast_site,
    issue_site_forecast,
)
from battuta.interfaces.python.sites import Site
from battuta.interfaces.python.study_jobs import StudyJob, submit_life_study
from battuta.interfaces.python.uniform_ageing import WaysCompared, uniform_ageing
from battuta.interfaces.python.warranty import WarrantyWatch, watch_warranty
from battuta.studies.strategies.strategy import DayContext, Decision, Strategy, StudyInputs

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
