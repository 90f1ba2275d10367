"""Entries mean what they meant when they were lived, and one that cannot have meant anything is named."""

import json
import math
from dataclasses import asdict

import numpy as np
import pytest

from battuta.app.living_journal import record_kinds
from battuta.app.replayed_entries import (
    alarm_of,
    awards_of,
    deratings_of,
    named,
    owner_record,
    proposals_of,
    require_kinds,
    require_time,
    reset_of,
)
from battuta.domain.command import Owner, Proposal, Reservation
from battuta.domain.errors import ClockError, DataError, InvalidQuantityError
from battuta.domain.health import Derating
from battuta.ports.journal import JournalEvent, Record
from battuta.services.conductor_events import Alarm, SiteReset

AWARD = Reservation(
    site=1, product="ce_fcr", up_kw=1.0, down_kw=2.5, energy_up_kwh=3.0, energy_down_kwh=4.0, recovery_kw=0.25,
    start_ns=5, end_ns=2**62, award="a",
)  # fmt: skip
PROPOSAL = Proposal(site=0, owner=Owner.MARKET, high_kw=3.0, preferred_kw=1.5, expires_ns=9, reason="why")


def event(name: str, **fields) -> JournalEvent:
    return JournalEvent(time_ns=0, name=name, fields=fields)


def test_what_was_kept_is_read_back() -> None:
    awards = awards_of(event("reservations.awarded", reservations=json.dumps([asdict(AWARD)])), 2)
    assert awards.reservations == (AWARD,)
    (proposal,) = proposals_of(event("proposals.posted", proposals=json.dumps([asdict(PROPOSAL)])), 2).proposals
    assert proposal == PROPOSAL
    assert proposal.low_kw == -math.inf
    assert reset_of(event("site.reset", site=1), 2) == SiteReset(site=1)
    alarm = Alarm(site=-1, cause="CLOCK_STEP +1.000 s", calls_out=False)
    assert alarm_of(event("alarm.raised", **asdict(alarm)), 2) == alarm


def altered(fact, **changes) -> str:
    return json.dumps([asdict(fact) | changes])


@pytest.mark.parametrize(
    ("read", "fields", "told"),
    [
        (awards_of, {}, "'reservations' is missing"),
        (awards_of, {"reservations": 3}, "reservations = 3 is no text"),
        (awards_of, {"reservations": "nope"}, "Expecting value"),
        (awards_of, {"reservations": "[" * 100_000}, "recursion"),
        (awards_of, {"reservations": "{}"}, "reservations is no list of tables"),
        (awards_of, {"reservations": "[1]"}, "reservations is no list of tables"),
        (awards_of, {"reservations": "[{}]"}, "'site' is missing"),
        (awards_of, {"reservations": altered(AWARD, site=2)}, "site = 2 is none of 0 to 1"),
        (awards_of, {"reservations": altered(AWARD, up_kw="1")}, "up_kw = '1' is no number"),
        (awards_of, {"reservations": altered(AWARD, up_kw=-1)}, "up_kw = -1"),
        (awards_of, {"reservations": altered(AWARD, up_kw=10**400)}, "too large"),
        (awards_of, {"reservations": altered(AWARD, end_ns=2**63)}, "end_ns = 9223372036854775808 is none of"),
        (awards_of, {"reservations": altered(AWARD, end_ns=1)}, "start_ns 5 is not before end_ns 1"),
        (proposals_of, {"proposals": "null"}, "proposals is no list of tables"),
        (proposals_of, {"proposals": altered(PROPOSAL, owner=77)}, "owner = 77 is none of 0 to 8"),
        (proposals_of, {"proposals": altered(PROPOSAL, site=99)}, "site = 99 is none of 0 to 1"),
        (proposals_of, {"proposals": altered(PROPOSAL, low_kw=5.0)}, "low_kw = 5.0 above high_kw = 3.0"),
        (reset_of, {}, "'site' is missing"),
        (reset_of, {"site": 99}, "site = 99 is none of 0 to 1"),
        (reset_of, {"site": 0.5}, "site = 0.5 is none of 0 to 1"),
        (alarm_of, {"cause": "GAS", "calls_out": True}, "'site' is missing"),
        (alarm_of, {"site": -2, "cause": "GAS", "calls_out": True}, "site = -2 is none of -1 to 1"),
        (alarm_of, {"site": 0, "cause": None, "calls_out": True}, "cause = None is no text"),
        (alarm_of, {"site": 0, "cause": "GAS"}, "'calls_out' is missing"),
    ],
)
def test_what_cannot_have_been_is_named_with_its_time(read, fields, told) -> None:
    with pytest.raises(DataError, match=r"the journal's x.y of 1970-01-01T00:00:00.* cannot be replayed: ") as caught:
        read(event("x.y", **fields), 2)
    assert told in str(caught.value)
    assert "version of Battuta that wrote it" in str(caught.value)


def test_a_record_of_no_known_kind_is_named() -> None:
    with pytest.raises(DataError, match=r"journal's noise of .* does not know records of that kind"):
        owner_record(Record(kind="noise", time_ns=0, arrays={}))


@pytest.mark.parametrize(("time_ns", "steady_ns"), [(-1, 0), (0, -1), (2**62, 0), (0, 2**62)])
def test_a_time_outside_all_runs_is_named(time_ns, steady_ns) -> None:
    with pytest.raises(DataError, match="is no time of a run"):
        require_time(Record(kind="image", time_ns=time_ns, arrays={"steady_ns": np.asarray(steady_ns)}))
    assert require_time(Record(kind="image", time_ns=0, arrays={"steady_ns": np.asarray(7)})) == 7


def test_errors_of_the_trade_are_given_time_and_kind() -> None:
    with (
        pytest.raises(DataError, match=r"the journal's site.reset of 1970.*: power_kw = 2 kW is outside .*; replay it"),
        named(event("site.reset")),
    ):
        raise InvalidQuantityError("power_kw", 2.0, 0.0, 1.0, "kW")
    error = ClockError("as it is")
    with pytest.raises(ClockError, match=r"^as it is$"), named(event("site.reset")):
        raise error


def test_kinds_of_other_runs_are_refused_and_further_ones_let_be(make_settings) -> None:
    settings = make_settings()
    require_kinds(record_kinds(3, 20), settings)
    require_kinds(record_kinds(3, 20)[1:3], settings)
    with pytest.raises(DataError, match=r"records of kind 'image'"):
        require_kinds(record_kinds(2, 20), settings)


LEFT = Derating(
    string_id="site-1", power_share_max=0.4, soc_min=0.2, soc_max=0.8, temperature_c_max=math.inf, reason="a leak"
)


def test_deratings_are_read_back_and_those_that_cannot_be_are_named() -> None:
    kept = json.dumps([{"site": 1} | asdict(LEFT)])
    assert deratings_of(event("deratings.set", deratings=kept), 2).deratings == (None, LEFT)
    assert deratings_of(event("deratings.set", deratings="[]"), 2).deratings == (None, None)
    with pytest.raises(DataError, match=r"deratings\.set of .* cannot be replayed: site = 1 is none of 0 to 0"):
        deratings_of(event("deratings.set", deratings=kept), 1)
    with pytest.raises(DataError, match=r"to 7\.0 of its power"):
        deratings_of(event("deratings.set", deratings=altered(LEFT, site=0, power_share_max=7.0)), 2)
