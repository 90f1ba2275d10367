"""The live view draws every site with what holds it, in lines that never wrap, and nothing where nobody looks."""

import io
import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from battuta.app.living_request import RunRequest
from battuta.app.living_run import LivingRun
from battuta.app.living_setup import living_site
from battuta.app.lockstep import LockstepSites
from battuta.app.prices import synthetic_prices
from battuta.domain.command import Owner, Reason
from battuta.domain.image import Signal, Source
from battuta.interfaces.cli.live_alarms import OpenAlarms
from battuta.interfaces.cli.live_view import (
    ALARM,
    ALARMS_LOW,
    COLUMNS,
    ON_WAY,
    ROWS_MAX,
    STOPPED,
    caption,
    chosen_sites,
    cut,
    held_words,
    live_view,
    picture,
)
from battuta.services.conductor_events import Alarm

GAS, LOST, UNSEEN = 1, 2, 3
DRAWING_S_MAX = 5e-3


def run_of(tmp_path, n_sites: int = 5) -> LivingRun:
    fault = f"gas,site={GAS},size=500,start=5s"
    request = RunRequest(n_sites=n_sites, duration_s=60, has_journal=False, faults=(fault,) if n_sites > GAS else ())
    return LivingRun(request, synthetic_prices(1, 60), living_site(), tmp_path)


@pytest.fixture
def run(tmp_path) -> LivingRun:
    return run_of(tmp_path)


@pytest.fixture
def moment(run):
    """A second in which site 1 stands stopped by gas, site 2 lost its meter and site 3 its battery."""
    sites = LockstepSites(run)
    sites.devices.instruments.silent[Source.METER, LOST] = True
    sites.devices.instruments.silent[Source.BATTERY, UNSEEN] = True
    for _ in range(12):
        moment = sites.second()
    return moment


def drawn(run, moment, width: int = 100, height: int = 40) -> Text:
    return picture(run, moment, OpenAlarms(), width=width, height=height)


def lines_of(run, moment, width: int = 100, height: int = 40) -> list[str]:
    return drawn(run, moment, width, height).plain.split("\n")


def line_of(run, moment, site: int, width: int = 100) -> str:
    return next(line for line in lines_of(run, moment, width) if line.lstrip().startswith(f"{site} "))


def style_of(text: Text, words: str) -> str:
    start = text.plain.index(words)
    return next((str(span.style) for span in text.spans if span.start <= start < span.end), "")


def held_everywhere(moment):
    """The same second in which everything holds everybody."""
    every = int(~(Reason.FAST_LANE | Reason.STALE_TELEMETRY | Reason.STALE_DISPATCH | Reason.CLOCK_STEP))
    dispatch = moment.dispatch
    return replace(moment, dispatch=replace(dispatch, reason=dispatch.reason | (every & (2**24 - 1))))


def test_it_shows_sites_and_what_holds_them(run, moment) -> None:
    lines = lines_of(run, moment)
    assert "Hz" in lines[0]
    assert "EUR/MWh" in lines[0]
    assert "(simulated)" in lines[0]
    assert lines[1].startswith("batteries ")
    assert "net " in lines[1]
    assert [line.split()[0] for line in lines[4:9]] == ["0", "1", "2", "3", "4"]
    assert "market+fcr" in line_of(run, moment, 0)


def test_a_stopped_site_is_red_and_says_why(run, moment) -> None:
    text = drawn(run, moment)
    assert "stopped (gas)" in line_of(run, moment, GAS)
    assert "must be reset" in line_of(run, moment, GAS)
    assert style_of(text, "stopped (gas)") == STOPPED
    assert style_of(text, "gas at the fire panel, stopped; people are called") == ALARM
    assert "red" in STOPPED
    assert "red" in ALARM
    assert "bold" in ALARM


def test_a_lost_site_is_yellow_and_says_what_is_lost(run, moment) -> None:
    text = drawn(run, moment)
    assert "safe state (meter)" in line_of(run, moment, LOST)
    assert "safe state (battery)" in line_of(run, moment, UNSEEN)
    assert style_of(text, "safe state (meter)") == ON_WAY == "yellow"
    assert line_of(run, moment, LOST).count("?") == 2  # load and meter
    assert style_of(text, "market+fcr") == ""


@pytest.mark.parametrize("width", [60, 80, 100, 140])
@pytest.mark.parametrize("height", [24, 40])
def test_no_line_wraps_and_all_fit(tmp_path, width, height) -> None:
    run = run_of(tmp_path, ROWS_MAX + 5)
    sites = LockstepSites(run)
    sites.devices.instruments.silent[:, LOST] = True
    for _ in range(12):
        moment = held_everywhere(sites.second())
    words = "a connection that says at length why it is lost, " * 5
    run.system.alarms += [(moment.image.time_ns, Alarm(site=7, cause=f"DEVICE_LOST E1: {words}", calls_out=True))] * 9
    expected = lines_of(run, moment, width, height)
    assert max(map(len, expected)) <= width
    assert len(expected) < height
    console = Console(width=width, height=height, file=io.StringIO(), record=True)
    console.print(drawn(run, moment, width, height))
    shown = console.export_text().splitlines()
    assert [line.rstrip() for line in shown] == [line.rstrip() for line in expected]


@pytest.mark.parametrize(
    ("width", "gone"), [(80, {"battery", "kvar", "cool/hot", "cells V"}), (100, {"cells V"}), (140, set())]
)
def test_a_narrow_terminal_leaves_out_what_is_needed_least(run, moment, width, gone) -> None:
    moment.image[Signal.CONVERTER_REACTIVE_KVAR][0] = 3.21
    head = lines_of(run, moment, width)[3]
    assert {name for name in COLUMNS if name not in head} == gone
    assert ("+3.2" in line_of(run, moment, 0, width)) == (width >= COLUMNS["kvar"])
    assert ("3.29" in line_of(run, moment, 0, width)) == (width >= COLUMNS["cells V"])


def test_the_title_fits_eighty(run, moment) -> None:
    assert max(len(line) for line in lines_of(run, moment, 80)[:2]) < 80
    assert not any("…" in line for line in lines_of(run, moment, 80)[:2])


def test_reactive_power_is_shown_only_where_there_is_some(run, moment) -> None:
    moment.image[Signal.CONVERTER_REACTIVE_KVAR][:] = 0.0
    assert "kvar" not in lines_of(run, moment)[3]
    moment.image[Signal.CONVERTER_REACTIVE_KVAR][4] = -1.5
    assert "-1.5" in line_of(run, moment, 4)
    assert "+0.0" not in line_of(run, moment, 0).split("  ")[4:6]


def test_battery_and_load_add_up_to_the_meter(run, moment) -> None:
    head = lines_of(run, moment)[3].split()
    for site in (0, GAS, UNSEEN, 4):
        cells = dict(zip(head, line_of(run, moment, site).split(), strict=False))
        assert float(cells["battery"]) + float(cells["load"]) == pytest.approx(float(cells["meter"]), abs=0.35)
    loaded = int(np.nanargmax(moment.image[Signal.LOAD_KW]))
    assert float(dict(zip(head, line_of(run, moment, loaded).split(), strict=False))["load"]) < -1.0


def test_what_an_instrument_said_long_ago_is_not_known(run, moment) -> None:
    assert "?" not in line_of(run, moment, 4)
    moment.image.age_s[Source.METER, 4] = 5.1
    assert line_of(run, moment, 4).count("?") == 2


def test_coolant_asked_stands_before_the_hottest_cell(run, moment) -> None:
    moment.image[Signal.CELL_TEMPERATURE_C_MAX][4] = 31.5
    moment.image[Signal.CHILLER_SETPOINT_C][4] = 19.0
    moment.dispatch.chiller_setpoint_c[4] = np.nan
    assert "19.0/31.5" in line_of(run, moment, 4)
    moment.dispatch.chiller_setpoint_c[4] = 21.0
    assert "21.0/31.5" in line_of(run, moment, 4)


def test_many_sites_are_cut_and_counted_but_none_that_is_stopped(tmp_path) -> None:
    run = run_of(tmp_path, ROWS_MAX + 5)
    moment = LockstepSites(run).second()
    assert any("and 5 more sites" in line for line in lines_of(run, moment))
    last = ROWS_MAX + 4
    moment.dispatch.reason[last] |= int(Reason.FAST_LANE)
    moment.dispatch.owner[last] = Owner.SAFETY
    assert "stopped" in line_of(run, moment, last)


def test_sites_in_need_are_chosen_first_and_shown_in_their_order() -> None:
    reason = np.zeros(9, dtype=np.int64)
    reason[8], reason[6] = int(Reason.FAST_LANE), int(Reason.STALE_TELEMETRY)
    assert chosen_sites(reason, 3) == [0, 6, 8]
    assert chosen_sites(reason, 1) == [8]
    assert chosen_sites(reason, 20) == list(range(9))


def test_a_low_terminal_shows_fewer_alarms_and_still_the_worst(run, moment) -> None:
    lines = lines_of(run, moment, height=20)
    alarms = [line for line in lines if "  site " in line]
    assert len(alarms) == ALARMS_LOW
    assert "people are called" in alarms[0]
    assert len(lines) < 20


def test_a_grid_that_nobody_measures_and_a_market_without_a_price(run, moment) -> None:
    moment.image[Signal.FREQUENCY_HZ][:] = np.nan
    run.price_per_mwh = np.nan
    assert "? Hz   no price" in lines_of(run, moment)[0]


def test_signs_and_words_are_explained_below(run, moment) -> None:
    assert "minus: charge, load, import" in "\n".join(lines_of(run, moment, 80))
    assert caption(0, 30)[0] == "kW, minus: charge, load, import"


@given(
    st.lists(st.sampled_from(["demand limit", "ramping", "cold cells", "battery limit"]), max_size=6),
    st.integers(20, 80),
)
def test_what_holds_a_site_fits_and_none_is_forgotten(held, room) -> None:
    text = held_words(held, room)
    assert len(text) <= room
    told, _, more = text.partition(" +")
    assert len(told.split(", ") if told else []) + int(more or 0) == len(held)


def test_a_long_line_is_cut_and_says_so() -> None:
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdefg", 6) == "abcde…"


def test_drawing_is_cheap(tmp_path) -> None:
    run = run_of(tmp_path, ROWS_MAX)
    moment, alarms = held_everywhere(LockstepSites(run).second()), OpenAlarms()
    console = Console(width=140, height=40, file=io.StringIO(), force_terminal=True)
    took_s = []
    for _ in range(15):
        begun_s = time.thread_time()
        console.print(picture(run, moment, alarms, width=140, height=40))
        took_s.append(time.thread_time() - begun_s)
    assert min(took_s) < DRAWING_S_MAX


def test_nothing_is_drawn_where_nobody_looks(run, capsys) -> None:
    with live_view(run, shown=False) as show:
        show(LockstepSites(run).second())
    assert capsys.readouterr() == ("", "")


def test_somebody_who_looks_sees_it(run, capsys, monkeypatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")  # taken for a terminal
    with live_view(run, shown=True) as show:
        show(LockstepSites(run).second())
    out, err = capsys.readouterr()
    assert out == ""
    assert "market" in err
