"""Whatever a soundly chained journal holds, a replay compares it or refuses it in words; it never breaks."""

import json
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from battuta.adapters.journal.segments import SegmentJournal
from battuta.app.living_journal import record_kinds
from battuta.app.living_settings import LivingSettings
from battuta.app.replay import replay
from battuta.domain.command import Mandate
from battuta.domain.errors import DataError
from battuta.site.limits import SiteLimits

START_NS = 1_767_225_600 * 10**9
SETTINGS = LivingSettings(
    seed=1,
    start_ns=START_NS,
    ticks_per_s=5,
    ticks_per_block=5,
    sites=(SiteLimits(power_kw=10.0, apparent_power_kva=11.0, energy_kwh=20.0),) * 2,
    mandates=(Mandate(charge_kw_max=10.0, discharge_kw_max=10.0),) * 2,
    products=("ce_fcr", ""),
    products_on="2026-01-01",
)
KINDS = record_kinds(2, 5)
TIMES = st.integers(START_NS, START_NS + 10**11) | st.integers(-(2**63), 2**63 - 1)
SCALARS = st.none() | st.booleans() | st.integers(-3, 10) | st.floats() | st.text(max_size=4)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner))
AWARDS = st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(("site", "product", "up_kw", "end_ns"), SCALARS)))
PROPOSALS = st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(("site", "owner", "low_kw", "reason"), SCALARS)))
TEXTS = (JSON | AWARDS | PROPOSALS).map(json.dumps) | SCALARS
NAMES = st.sampled_from(["reservations.awarded", "proposals.posted", "site.reset", "alarm.raised", "else"])
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "reservations": TEXTS,
        "proposals": TEXTS,
        "site": SCALARS,
        "maker": st.just("conductor"),
        "cause": SCALARS,
        "calls_out": SCALARS,
    },
)


@st.composite
def entries(draw):
    """Records of any numbers, and events of any words, in any order."""
    found = []
    for _ in range(draw(st.integers(0, 8))):
        kind = draw(st.sampled_from([None, *KINDS]))
        if kind is None:
            found.append((None, draw(TIMES), (draw(NAMES), draw(FIELDS))))
            continue
        fields = {field.name: draw(arrays(field.dtype, field.shape)) for field in kind.fields}
        for name in ("steady_ns", "expires_ns"):
            if name in fields and draw(st.booleans()):
                fields[name] = np.asarray(draw(TIMES))
        if "owner" in fields and kind.name == "wishes" and draw(st.booleans()):
            fields["owner"] = np.asarray(draw(st.integers(0, 8)))
        if "interval_ns" in fields and draw(st.booleans()):
            fields["interval_ns"] = np.asarray([START_NS, START_NS + 900 * 10**9])
        found.append((kind.name, draw(TIMES), fields))
    return found


@given(held=entries())
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_journal_is_compared_or_refused(held) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with SegmentJournal(folder, KINDS, SETTINGS.header(), sync="never") as journal:
            for kind, time_ns, what in held:
                if kind is None:
                    journal.event(time_ns, *what)
                else:
                    journal.append(kind, time_ns, **what)
        try:
            result = replay(folder)
        except DataError as error:
            assert "cannot be replayed" in str(error)  # noqa: PT017 - any other error is what must not be
        else:
            assert result.records == len(held)
