"""``battuta run``: simulated sites come alive, are conducted second by second, and tell what came of it."""

from __future__ import annotations

import math
import signal
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from battuta.interfaces.cli import options, output
from battuta.interfaces.cli import run_options as asked
from battuta.interfaces.cli.run_summary import print_run, summary

if TYPE_CHECKING:
    from battuta.app.living import Moment
    from battuta.app.living_result import LivingResult
    from battuta.app.living_run import LivingRun

EXIT_INTERRUPTED = 130
SECONDS_PER_NEWS = 1800
SECONDS_PER_LINE = 6 * 3600
"""How often a run without a terminal says how far it is. [s]"""


def run(
    sites: asked.SitesOption = 20,
    seed: asked.SeedOption = 1,
    speed: asked.SpeedOption = None,
    duration: asked.DurationOption = None,
    devices: asked.DevicesOption = "simulated",
    prices: asked.PricesOption = None,
    asset: asked.AssetOption = None,
    strategy: asked.StrategyOption = "similar_day",
    response: asked.ResponseOption = "ce_fcr",
    reactive: asked.ReactiveOption = "ieee_1547_b_like",
    demand_limit_kw: asked.DemandOption = 0.0,
    follow: asked.FollowOption = 0.0,
    modules: asked.ModulesOption = 1,
    thermostats: asked.ThermostatsOption = False,
    fault: asked.FaultOption = None,
    order: asked.OrderOption = None,
    frequency: asked.FrequencyOption = None,
    source: options.SourceOption = "canonical",
    clock: options.ClockOption = None,
    zone: options.ZoneOption = None,
    currency: options.CurrencyOption = None,
    price_column: options.ColumnOption = None,
    allow: options.AllowOption = None,
    headless: asked.HeadlessOption = False,
    no_journal: asked.NoJournalOption = False,
    runs_dir: asked.RunsOption = Path("battuta-runs"),
    as_json: options.JsonOption = False,
) -> None:
    """Conduct simulated sites through the last days of a price file or of a synthetic market."""
    from battuta.app.living_request import TICKS_PER_S, RunRequest
    from battuta.app.living_run import LivingRun
    from battuta.app.living_setup import living_site
    from battuta.app.pace import parse_duration_s, parse_speed, refuse_speed
    from battuta.app.prices import synthetic_prices

    given = {"--source": source != "canonical", "--clock": clock, "--zone": zone}
    _refuse_unused(prices, given | {"--price-column": price_column, "--allow": allow})
    is_paced = _is_sunspec(devices, modules)
    shown = not headless and not as_json and output.is_terminal()
    factor = parse_speed(speed or ("1" if is_paced else "60" if shown else "max"))
    if is_paced:
        refuse_speed(factor)
    request = RunRequest(
        n_sites=sites,
        seed=seed,
        duration_s=parse_duration_s(duration or ("1min" if is_paced else "7d")),
        strategy=strategy,
        response="" if response == "none" else response,
        reactive="" if reactive == "none" else reactive,
        demand_limit_kw=demand_limit_kw or math.inf,
        follow_share=follow,
        has_foresight=not thermostats,
        n_modules=modules,
        faults=tuple(fault or ()),
        orders=tuple(order or ()),
        frequency=frequency,
        has_journal=not no_journal,
        ticks_per_block=1 if is_paced else TICKS_PER_S,
    )
    site = None if asset is None else options.read_site(asset)
    if prices is None:
        zone_name = "Europe/Berlin" if site is None else site.timezone
        series = synthetic_prices(seed, 400, zone=zone_name, currency=currency or (site.currency if site else "EUR"))
    else:
        stated = currency or (site.currency if site else None)
        asked_for = options.price_request(prices, source, clock, zone, stated, price_column, allow, holidays="zone")
        series = options.read_and_report(asked_for).series
    site = site or living_site(series.currency, series.zone)
    with _interruptible():
        alive = LivingRun(request, series, site, runs_dir)
        interrupted = _live_and_tell(alive, factor, devices=devices, shown=shown, as_json=as_json)
    if interrupted:
        raise typer.Exit(EXIT_INTERRUPTED)


def _live_and_tell(alive: LivingRun, speed: float, *, devices: str, shown: bool, as_json: bool) -> bool:
    """Let the run live and tell what came of it, whatever ended it; True when it was interrupted."""
    try:
        output.note("waking the sites (the first run compiles its kernels, which takes about forty seconds)")
        _live(alive, speed, devices=devices, shown=shown)
    except KeyboardInterrupt:
        output.note(f"interrupted after {alive.seconds_done} simulated seconds; what follows covers these")
        return True
    except Exception:
        output.note(f"the run ended by an error after {alive.seconds_done} simulated seconds; these are kept")
        raise
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not cost the summary
        _tell(alive, as_json=as_json)
    return False


@contextmanager
def _interruptible() -> Generator[None]:
    """Take an end that the system asks for (SIGTERM, SIGHUP) as a Ctrl-C: the run is counted and its journal closed."""

    def interrupt(number: int, frame: object) -> None:
        del number, frame
        raise KeyboardInterrupt

    asked_to_end = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = {each: signal.getsignal(each) for each in (*asked_to_end, signal.SIGINT)}
    try:
        for each in asked_to_end:
            signal.signal(each, interrupt)
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _refuse_unused(prices: Path | None, given: Mapping[str, object]) -> None:
    """Refuse options that say how a price file is to be read where there is none."""
    from battuta.domain.errors import UsageError

    idle = [name for name, value in given.items() if value]
    if prices is None and idle:
        message = f"{', '.join(idle)}: only a price file is read so; add --prices FILE, or leave it out"
        raise UsageError(message)


def _is_sunspec(devices: str, n_modules: int) -> bool:
    from battuta.domain.errors import UsageError

    if devices not in {"simulated", "sunspec"}:
        message = f"devices {devices!r} is not known; choose simulated or sunspec"
        raise UsageError(message)
    if devices == "sunspec" and n_modules > 1:
        message = (
            f"--modules {n_modules}: devices over sockets say nothing of single modules; leave out --devices sunspec"
        )
        raise UsageError(message)
    return devices == "sunspec"


def _live(alive: LivingRun, speed: float, *, devices: str, shown: bool) -> None:
    """Let the run live to its end."""
    from battuta.app.lockstep import live_in_lockstep
    from battuta.interfaces.cli.live_view import live_view

    total = alive.request.duration_s
    with output.progress_bar() as progress, live_view(alive, shown=shown) as show:

        def tell(moment: Moment) -> None:
            show(moment)
            if not shown and (alive.seconds_done % SECONDS_PER_NEWS == 0 or alive.seconds_done == total):
                progress("simulated seconds", alive.seconds_done, total)
            if not output.is_terminal() and alive.seconds_done % SECONDS_PER_LINE == 0:
                output.note(f"simulated {alive.seconds_done // 3600} h of {total / 3600:.0f} h")

        if devices == "sunspec":
            from battuta.app.socket_run import live_over_sockets

            live_over_sockets(alive, speed, tell, output.note)
        else:
            live_in_lockstep(alive, speed, tell)


def _tell(alive: LivingRun, *, as_json: bool) -> None:
    """Count, keep and print what came of a run; a disk that does not take it is told last."""
    from battuta.app.living_result import finish
    from battuta.domain.errors import StorageError
    from battuta.interfaces.python.living_files import keep_run
    from battuta.interfaces.reports.living_record import LivingRecord

    refused: StorageError | None = None
    with output.working("counting the money and the baselines"):
        result = finish(alive)
        try:
            told = keep_run(LivingRecord.of(alive, result), alive.folder)
        except StorageError as error:
            refused, told = error, summary(result, alive.request.strategy, alive.folder)
    if as_json:
        output.print_json(told)
    else:
        _print_all(alive, result)
    if (error := alive.journal_error or refused) is not None:
        raise error


def _print_all(alive: LivingRun, result: LivingResult) -> None:
    folder = alive.folder
    print_run(result, alive.request.strategy)
    print(f"run:    {folder}")
    if (folder / "report.html").exists():
        print(f"report: {folder / 'report.html'}")
    if result.journal_root:
        print(f"replay: battuta replay {folder}")
