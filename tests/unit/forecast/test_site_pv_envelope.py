"""Panels seen from their best hours: how they stand, where the inverter cuts, and that nights are dark."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from battuta.domain.errors import DataError
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.forecast.site_pv_envelope import learned_envelope, require_dark_nights
from battuta.forecast.site_series import SiteSeries
from battuta.forecast.sky import clear_sky

HOUR = timedelta(hours=1)
TIME_NS = to_ns(datetime(2026, 5, 1, tzinfo=UTC)) + NS_PER_HOUR * np.arange(24 * 60)
SKY = clear_sky(TIME_NS, HOUR, 51.0, 9.0)
WEIGHTS = np.array([0.03, -0.05, 0.08, 0.09])
CLEAR_KW = np.maximum(SKY.parts_w_per_m2[:, :3] @ WEIGHTS[:3], 0.0) + SKY.parts_w_per_m2[:, 3] * WEIGHTS[3]


def panels(values_kw) -> SiteSeries:
    return SiteSeries(time_ns=TIME_NS, values_kw=values_kw, step=HOUR, zone="UTC", name="pv_kw")


def test_the_clear_sky_power_is_found_under_clouds() -> None:
    share = np.repeat(np.tile([1.0, 0.5, 0.2, 1.0], 15), 24)
    envelope = learned_envelope(panels(share * CLEAR_KW), SKY)
    lit = (SKY.ghi_w_per_m2 > 300.0) & (CLEAR_KW > 40.0)
    np.testing.assert_allclose(envelope.clear_kw(SKY)[lit], CLEAR_KW[lit], rtol=0.12)
    assert envelope.weights[0] > 0.0 > envelope.weights[1]
    assert np.all(envelope.clear_kw(SKY)[SKY.is_night] == 0.0)
    assert not envelope.is_limit_seen
    assert envelope.limit_kw > CLEAR_KW.max()


def test_a_plateau_is_the_inverter() -> None:
    envelope = learned_envelope(panels(np.minimum(CLEAR_KW, 50.0)), SKY)
    assert envelope.is_limit_seen
    assert envelope.limit_kw == 50.0
    assert learned_envelope(panels(np.minimum(CLEAR_KW, 50.0)), SKY, 70.0).limit_kw == 70.0


@pytest.mark.parametrize("power_kw_max", [1.0, 10.0, 40.0])
def test_an_inverter_that_the_meter_contradicts_is_refused(power_kw_max) -> None:
    top_kw = CLEAR_KW.max()
    with pytest.raises(
        DataError, match=rf"pv_kw: {top_kw:g} kW at 2026-.* is more than power_kw_max = {power_kw_max:g}"
    ):
        learned_envelope(panels(CLEAR_KW), SKY, power_kw_max)
    assert learned_envelope(panels(CLEAR_KW), SKY, top_kw / 1.019).limit_kw == pytest.approx(top_kw / 1.019)


def test_power_by_night_names_the_clock() -> None:
    require_dark_nights(panels(CLEAR_KW), SKY)
    with pytest.raises(DataError, match="the clock"):
        require_dark_nights(panels(np.roll(CLEAR_KW, 6)), SKY)
    with pytest.raises(DataError, match="no power on any day"):
        learned_envelope(panels(np.full(CLEAR_KW.size, np.nan)), SKY)
