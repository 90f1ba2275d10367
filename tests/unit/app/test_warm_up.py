"""A minute that is kept nowhere: the run it is for does not change."""

from battuta.app.living_request import RunRequest
from battuta.app.living_run import LivingRun
from battuta.app.warm_up import SECONDS, warm_up


def test_nothing_of_the_run_changes(tmp_path, ten_days, small_site) -> None:
    request = RunRequest(n_sites=2, seed=5, duration_s=86_400, ticks_per_block=1, demand_limit_kw=20.0)
    run = LivingRun(request, ten_days, small_site, tmp_path)
    before = run.seconds_done, run.system.n_setpoints, run.system.alarms.copy()
    warm_up(run)
    assert SECONDS > 60
    assert (run.seconds_done, run.system.n_setpoints, run.system.alarms) == before
    assert run.owners.shaver is not None
    assert run.owners.shaver.meter.start_s == -1
    run.finish()
    assert {each.name for each in run.folder.iterdir()} == {"journal"}
