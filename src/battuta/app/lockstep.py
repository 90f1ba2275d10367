"""A living run on simulated sites in this process: the world waits for the decision, and no second is ever late."""

from __future__ import annotations

from collections.abc import Callable

from battuta.adapters.devices.simulated.in_process import SimulatedSites
from battuta.app.living import Moment
from battuta.app.living_diagnosis import diagnosis_of
from battuta.app.living_run import LivingRun
from battuta.app.pace import Pace


class LockstepSites:
    """The simulated sites of a run.

    Parameters
    ----------
    run : LivingRun
        The run; its seed, start and sizes make the world.
    """

    def __init__(self, run: LivingRun) -> None:
        battery, request, start_ns = run.site.battery, run.request, run.settings.start_ns
        self.run = run
        self.devices = SimulatedSites(
            request.seed,
            request.n_sites,
            start_ns,
            n_cells=run.n_cells,
            n_modules=request.n_modules,
            power_kw=battery.power_kw,
            soc_start=battery.soc_start,
            faults=run.faults,
            grid=run.grid,
        )
        self.diagnosis = diagnosis_of(run, self.devices.n_sensors)
        run.diagnosis = self.diagnosis
        self.clock_offset_ns = 0
        """How far the wall clock of the sites is set off from the time of the world; a fault to plant. [ns]"""

    def second(self) -> Moment:
        """Let one second pass: look, decide, write, and let the world go on."""
        steady_ns = self.devices.time_ns
        now_ns = steady_ns + self.clock_offset_ns
        if self.diagnosis.is_due(now_ns):  # before the look: what is found now holds now, and for a plan made now
            self.run.now_ns = now_ns
            self.run.hear(self.diagnosis.take(now_ns, *self.devices.read_cells()))
        (values, measured_ns), modules = self.devices.read(), self.run.modules
        seen = None if modules is None else self.devices.read_modules()
        if modules is not None and seen is not None:
            values = modules.bounded(values, seen)
        moment = self.run.look(values, measured_ns + self.clock_offset_ns, now_ns, steady_ns)
        written = self.run.system.answer(self.devices.frequency_hz(), now_ns, steady_ns)
        self.devices.ask_chillers(written.chiller_setpoint_c)
        module_kw = None
        if modules is not None and seen is not None:
            module_kw = modules.share(now_ns, seen, written.block.power_kw)
        self.devices.advance(written.block.power_kw, written.reactive_kvar, written.stopped, module_kw)
        return moment


def live_in_lockstep(run: LivingRun, speed: float, tell: Callable[[Moment], None]) -> None:
    """Let a run live to its end.

    Parameters
    ----------
    run : LivingRun
        The run.
    speed : float
        Factor of real time; infinite never waits.
    tell : callable
        Called with each moment.
    """
    sites, pace = LockstepSites(run), Pace(speed)
    while run.seconds_done < run.request.duration_s:
        tell(sites.second())
        pace.wait()
