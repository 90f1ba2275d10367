"""What the conductor hears and says: values that do not change under their reader."""

from dataclasses import FrozenInstanceError, fields

import numpy as np
import pytest

from battuta.domain.command import Owner
from battuta.services import conductor_events
from battuta.services.conductor_events import Alarm, ShavingPlanned, WishesPosted


def test_an_alarm_is_what_it_says() -> None:
    assert Alarm(site=1, cause="GAS", calls_out=True) == Alarm(site=1, cause="GAS", calls_out=True)
    assert Alarm(site=1, cause="GAS", calls_out=True) != Alarm(site=1, cause="GAS", calls_out=False)


def test_an_owner_that_does_not_mind_says_nothing_of_it() -> None:
    posted = WishesPosted(owner=Owner.COOLING, expires_ns=1, high_kw=np.ones(2))
    assert posted.low_kw is None
    assert posted.preferred_kw is None


def test_a_plan_cannot_be_changed_behind_its_reader() -> None:
    one = np.ones(1)
    plan = ShavingPlanned(start_ns=0, end_ns=1, limit_kw=one, floor_soc_start=one, floor_soc_end=one, peak_kw=one)
    with pytest.raises(FrozenInstanceError):
        plan.end_ns = 2


def test_every_event_and_effect_is_frozen_and_has_fields() -> None:
    kinds = [each for each in vars(conductor_events).values() if isinstance(each, type)]
    own = [each for each in kinds if each.__module__ == conductor_events.__name__]
    assert {"ImageFrozen", "Dispatched", "Alarm", "SiteReset"} <= {each.__name__ for each in own}
    for kind in own:
        assert fields(kind)
        assert kind.__dataclass_params__.frozen
