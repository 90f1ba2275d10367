"""The diagnosis of a living run: which cells, how often they are logged, and what was found at its end."""

from __future__ import annotations

from battuta.app.living_deratings import CELL, string_ids_of
from battuta.app.living_run import LivingRun
from battuta.health.hour_checks import HourChecks
from battuta.physics.cell_parameters import cell_parameters
from battuta.services.diagnosis import Diagnosis

N_CELLS_EACH_MINUTE = 50_000
"""Cells up to which each minute is logged; more are logged every five, since a day of them is kept. [-]"""
STEPS_S = (60, 300)


def diagnosis_of(run: LivingRun, n_sensors: int) -> Diagnosis:
    """Begin to watch the strings of a run, one at each site, or one for each module that has a converter.

    Parameters
    ----------
    run : LivingRun
        The run.
    n_sensors : int
        Temperatures that each string logs.

    Returns
    -------
    Diagnosis
        It takes rows when they are due.
    """
    n_sites, n_modules = run.request.n_sites, run.request.n_modules
    step_s = STEPS_S[n_sites * run.n_cells > N_CELLS_EACH_MINUTE]
    names, n_cells = string_ids_of(n_sites, n_modules), run.n_cells // n_modules
    quick = [HourChecks(each, n_cells) for each in names]
    return Diagnosis(cell_parameters(CELL), len(names), n_cells, n_sensors, step_s, quick=quick, string_ids=names)
