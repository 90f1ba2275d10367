"""A policy and classes of failure made by hand: every figure here is made up."""

from battuta.domain.failures import FailingUnit, FailureClass
from battuta.domain.insurance import Incident, Insurance, Propagation
from battuta.domain.studied_battery import StudiedBattery

BATTERY = StudiedBattery(
    cell="lfp_314ah",
    converter="bonfiglioli_field",
    cells_in_series=416,
    strings=8,
    power_kw=2000.0,
    containers=4,
    converters=2,
)
VENT = Incident(
    name="cell vents", rate_per_container_year=0.01, destroyed_share=0.1, clean_up_cost=1e3, interruption_days=20.0
)
FIRE = Incident(
    name="container burns",
    rate_per_container_year=0.002,
    destroyed_share=1.0,
    propagates=True,
    clean_up_cost=5e4,
    interruption_days=300.0,
    site_interruption_days=60.0,
)
FLOOD = Incident(name="flood", rate_per_site_year=0.003, destroyed_share=0.5, source="the map of the river")
TABLE = (
    Propagation(spacing_m=0.0, probability=0.8),
    Propagation(spacing_m=4.0, probability=0.2),
    Propagation(spacing_m=10.0, probability=0.0),
)


def policy(**changes):
    """Policy of a row of containers, 4 m apart."""
    asked = {
        "incident": (VENT, FIRE, FLOOD),
        "propagation": TABLE,
        "spacing_m": 4.0,
        "spacing_m_compared": (1.0, 10.0),
        "interruption_per_day": 2_000.0,
        "deductible": 50_000.0,
        "waiting_days": 30.0,
    }
    return Insurance(**(asked | changes))


def failure(**changes):
    """Class of failure of converters."""
    asked = {"name": "converter", "unit": FailingUnit.CONVERTER, "rate_per_year": 0.5, "repair_days": 10.0}
    return FailureClass(**(asked | changes))
