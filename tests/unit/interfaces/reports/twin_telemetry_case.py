"""The case of a study with measured health on top: two racks, three rows, a lender's four answers (SYNTHETIC)."""

from dataclasses import replace

import numpy as np

from battuta.domain.measured_health import MeasuredHealth
from battuta.studies.telemetry_study import TelemetryOutcome
from battuta.twin.lives_shared import LifeDraws
from battuta.twin.telemetry_calibration import MeasuredSite, TelemetryFit
from battuta.twin.telemetry_likelihood import SiteChange
from battuta.twin.telemetry_worth import LenderView, TelemetryWorth
from unit.interfaces.reports.twin_case import result


def measured():
    study = result()
    n_laws = len(study.cards)
    rows = MeasuredHealth(
        site=("here",) * 3, unit=("a", "a", "b"), day=np.array([365.0, 730.0, 730.0]),
        soh_capacity=np.array([0.99, 0.98, 0.96]), deviation=np.full(3, 0.01), soh_resistance=np.full(3, np.nan),
        own_site="here", source="soh.csv", is_synthetic=True,
    )  # fmt: skip
    change = SiteChange(
        day=np.array([365.0, 730.0]), change=np.array([[0.01, 0.02], [np.nan, 0.04]]), deviation=np.full((2, 2), 0.01),
        shared_deviation=0.005,
    )  # fmt: skip
    weight = np.array([0.8] + [0.2 / max(n_laws - 1, 1)] * (n_laws - 1))
    fit = TelemetryFit(
        draws=LifeDraws(law_of_life=np.zeros(2, dtype=np.int64), rate=np.ones((2, 4))),
        own_factor=np.zeros(2),
        law_weight_before=np.full(n_laws, 1.0 / n_laws),
        law_weight=weight,
        wide_share=0.1,
        fit_chance=0.4,
        n_alive=900.0,
        n_measured=3,
        site_spread=0.05,
        unit_spread=0.04,
        day=change.day,
        soh_before=np.full((3, 2), 0.9),
        soh_after=np.full((3, 2), 0.95),
    )
    view = LenderView(debt=np.full(3, 1e6), margin_dscr=np.array([0.5, 0.1, -0.2]), promise_breach=0.25)
    none = LenderView(debt=np.full(3, np.nan), margin_dscr=np.full(3, np.nan), promise_breach=float("nan"))
    worth = TelemetryWorth(law=next(iter(study.cards)), before=view, after=view, before_alone=none, after_alone=view)
    found = TelemetryOutcome(
        measured=rows,
        sites=(MeasuredSite(name="here", is_own=True, capacity=change, resistance=None),),
        fit=fit,
        is_shared_error_assumed=True,
        worth={each.strategy.name: worth for each in study.strategies},
    )
    return replace(study, telemetry=found)
