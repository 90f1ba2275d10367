"""The living system: what is decided is written and kept; excursions of frequency are noted."""

import numpy as np
import pytest

from battuta.app.living import EVENT_HZ
from battuta.app.replay import replay
from battuta.domain.command import Owner, Proposal, Reservation
from battuta.domain.errors import UsageError
from battuta.domain.image import Signal
from battuta.services.conductor_events import Alarm, WishesPosted

STEADY_HZ = np.full((3, 20), 50.0) + 0.001 * (np.arange(20) % 2)


def test_a_wish_becomes_setpoints_and_power(small_life) -> None:
    life = small_life()
    now_ns = life.sites.time_ns
    life.live(1)
    life.system.wish(now_ns, Owner.MARKET, now_ns + 10**12, np.array([1.0, 2.0, -3.0]))
    moment = life.live(30)
    assert moment.dispatch.base_kw.tolist() == [1.0, 2.0, -3.0]
    assert life.system.block.power_kw[1:, -1].tolist() == [2.0, -3.0]
    np.testing.assert_allclose(moment.image[Signal.CONVERTER_POWER_KW][1:], [2.0, -3.0], atol=0.15)
    assert life.system.n_setpoints == 31 * 3 * 20
    assert moment.alarms == ()


def test_time_of_image_dispatch_and_setpoints_is_the_wall_clock(small_life) -> None:
    life = small_life()
    now_ns = life.sites.time_ns
    moment = life.live(1)
    assert moment.image.time_ns == moment.dispatch.time_ns == life.system.block.start_ns == now_ns


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_an_excursion_of_frequency_is_one_event(small_life, sign) -> None:
    life = small_life()
    deviations_hz = [0.0, 0.1, 0.25, 0.3, 0.2, 0.19, 0.0]
    start_ns = life.sites.time_ns
    for second, deviation_hz in enumerate(deviations_hz):
        now_ns = start_ns + second * 10**9
        life.system.look(*life.sites.read(), now_ns, now_ns)
        life.system.answer(STEADY_HZ - sign * deviation_hz, now_ns, now_ns)
        assert len(life.system.excursions()) == (second >= 2), "one that is still running counts"
    (event,) = life.system.frequency_events
    assert (event.start_ns, event.duration_s) == (start_ns + 2 * 10**9, 3.0)
    assert event.frequency_hz_extreme == pytest.approx(50.0 - sign * 0.3)
    assert event.power_kw_extreme * sign > 0.0
    assert EVENT_HZ == 0.2


def test_one_meter_that_is_wrong_or_silent_makes_no_event(small_life) -> None:
    life = small_life()
    wrong_hz, silent_hz = STEADY_HZ.copy(), np.full((3, 20), np.nan)
    wrong_hz[0] -= 1.0
    for second, frequency_hz in enumerate([wrong_hz, silent_hz, STEADY_HZ]):
        life.system.answer(frequency_hz, second * 10**9, second * 10**9)
    assert life.system.frequency_events == []


def test_there_is_no_site_to_reset_that_is_not_there(small_life) -> None:
    with pytest.raises(UsageError, match="there is no site 3 to reset; sites are 0 to 2"):
        small_life().system.reset(5, 3)


def test_owners_hear_each_image_before_it_is_decided_on(small_life) -> None:
    life, heard = small_life(), []

    def owner(image):
        heard.append(image.time_ns)
        return [WishesPosted(owner=Owner.MARKET, expires_ns=image.time_ns + 1, preferred_kw=np.full(3, 2.0))]

    life.system.owners = owner
    moment = life.live(1)
    assert heard == [moment.image.time_ns]
    assert moment.dispatch.owner.tolist() == [Owner.MARKET] * 3


def test_an_alarm_that_is_told_is_kept(small_life) -> None:
    life = small_life()
    alarm = Alarm(site=1, cause="LINK", calls_out=False)
    life.system.tell(5, alarm)
    assert life.system.alarms == [(5, alarm)]


def test_an_award_of_another_product_than_the_site_is_armed_with_is_refused(small_life) -> None:
    life = small_life()
    for site, armed in ((0, "ce_fcr"), (1, "nothing"), (7, "nothing")):
        award = Reservation(
            site=site, product="gb_dc", up_kw=1.0, down_kw=1.0, energy_up_kwh=0.0, energy_down_kwh=0.0, start_ns=0,
            end_ns=1,
        )  # fmt: skip
        with pytest.raises(UsageError, match=f"'gb_dc' at site {site}, which is armed with '{armed}'"):
            life.system.award(0, (award,))


def test_owners_are_not_heard_while_the_clock_is_not_believed(small_life) -> None:
    life, heard = small_life(), []
    life.system.owners = lambda image: heard.append(image.time_ns) or ()
    values, measured_ns = life.sites.read()
    start_ns = life.sites.time_ns
    for second, off_s in enumerate([0, 0, 40 * 86_400, 0, 0]):
        now_ns = start_ns + (second + off_s) * 10**9
        life.system.look(values, np.full_like(measured_ns, now_ns), now_ns, start_ns + second * 10**9)
    assert heard == [start_ns, start_ns + 10**9]


def test_an_award_of_more_than_the_site_has_is_refused(small_life) -> None:
    award = Reservation(
        site=0, product="ce_fcr", up_kw=1e300, down_kw=0.0, energy_up_kwh=0.0, energy_down_kwh=0.0, start_ns=0, end_ns=1
    )
    with pytest.raises(UsageError, match=r"keeps 1e\+300 kW free at site 0, which has 10 kW"):
        small_life().system.award(0, (award,))


def test_a_proposal_for_nobody_leaves_the_others_and_the_journal_alone(tmp_path, small_life) -> None:
    life = small_life(tmp_path)
    life.live(2)
    good, bad = (Proposal(site=site, owner=Owner.SAFETY, preferred_kw=5.0, expires_ns=2**62) for site in (0, 9))
    with pytest.raises(UsageError, match="site 9"):
        life.system.propose(life.sites.time_ns, (good, bad))
    assert life.live(2).dispatch.owner[0] != Owner.SAFETY
    life.journal.close()
    assert replay(tmp_path).differences == 0


@pytest.mark.parametrize("site", [0.5, "0", None, True, np.int64(1)])
def test_a_reset_takes_a_plain_number_of_a_site(small_life, site) -> None:
    with pytest.raises(UsageError, match="no plain whole number"):
        small_life().system.reset(5, site)


def test_a_wish_has_one_number_for_each_site(small_life) -> None:
    with pytest.raises(
        UsageError, match=r"preferred_kw of WishesPosted has the shape \(2,\); one number for each of 3"
    ):
        small_life().system.wish(5, Owner.MARKET, 6, np.zeros(2))
