"""Planted faults of a site: how they grow, what is refused, what a right finding calls them."""

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.health import FaultClass
from battuta.world.foreign.site_faults import SITE_FAULTS, SUDDEN, SiteFault, SiteFaultKind, share_of

K = SiteFaultKind
DAYS = np.arange(60.0)


@pytest.mark.parametrize("kind", SiteFaultKind)
def test_nothing_before_its_start_and_everything_after_its_growth(kind) -> None:
    low, high = SITE_FAULTS[kind][1:3]
    grown = SiteFault(kind=kind, start_day=20, size=min(max(low, 0.5), high), growth_days=30.0).grown(DAYS)
    assert np.all(grown[:20] == 0.0)
    assert np.all(grown[50:] == 1.0)
    assert np.all(np.diff(grown) >= 0.0)
    assert (grown[21] == 1.0) == (kind in SUDDEN)


def test_every_kind_has_a_class_and_sizes_add_up() -> None:
    assert set(SITE_FAULTS) == set(SiteFaultKind)
    first = SiteFault(kind=K.JOINT_LOOSE, start_day=0, size=1.0, part=2)
    assert first.fault_class is FaultClass.JOINT_HEAT
    both = (first, SiteFault(kind=K.JOINT_LOOSE, start_day=10, size=0.5, part=3))
    assert share_of(both, K.JOINT_LOOSE, DAYS)[-1] == 1.5
    assert share_of(both, K.JOINT_LOOSE, DAYS, 3)[-1] == 0.5
    assert not share_of(both, K.PUMP_WEAR, DAYS).any()


@pytest.mark.parametrize(
    ("more", "name"), [({"size": -1.0}, "size"), ({"start_day": -1.0}, "start_day"), ({"part": -1}, "part")]
)
def test_what_cannot_be_is_refused(more, name) -> None:
    with pytest.raises(InvalidQuantityError, match=name):
        SiteFault(**{"kind": K.PUMP_WEAR, "start_day": 3.0, "size": 0.1, **more})
