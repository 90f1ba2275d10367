"""Sun and clear sky: nights, noons, light that adds up, and what is said where pvlib is missing."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from battuta.domain.errors import InvalidQuantityError
from battuta.domain.time import NS_PER_HOUR, to_ns
from battuta.forecast.sky import clear_sky

HOUR = timedelta(hours=1)
JUNE_NS = to_ns(datetime(2026, 6, 21, tzinfo=UTC)) + NS_PER_HOUR * np.arange(24)


def test_a_day_in_june() -> None:
    sky = clear_sky(JUNE_NS, HOUR, 51.0, 0.0)
    assert sky.is_night[0]
    assert sky.is_night[22]
    assert not sky.is_night[4:19].any()
    assert int(sky.ghi_w_per_m2.argmax()) in {11, 12}
    assert 800.0 < sky.ghi_w_per_m2.max() < 1000.0
    assert np.all(sky.parts_w_per_m2[sky.is_night] == 0.0)


def test_the_beam_comes_from_the_east_in_the_morning_and_the_south_at_noon() -> None:
    east, north, up, sky_light = clear_sky(JUNE_NS, HOUR, 51.0, 0.0).parts_w_per_m2.T
    assert east[7] > 300.0
    assert east[16] < -300.0
    assert north[12] < -200.0
    assert up[12] > 600.0
    assert np.all(sky_light[5:18] > 20.0)


def test_light_on_level_ground_is_the_beam_from_above_and_the_sky() -> None:
    sky = clear_sky(JUNE_NS[9:15], HOUR, 51.0, 0.0)
    np.testing.assert_allclose(sky.parts_w_per_m2[:, 2] + sky.parts_w_per_m2[:, 3], sky.ghi_w_per_m2, rtol=0.05)


def test_joined_parts_are_the_whole() -> None:
    parts = (slice(0, 24), slice(0, 9), slice(9, 24))
    whole, early, late = (clear_sky(JUNE_NS[each], HOUR, 51.0, 0.0) for each in parts)
    np.testing.assert_allclose(early.joined(late).parts_w_per_m2, whole.parts_w_per_m2)
    np.testing.assert_allclose(whole.cut(slice(9, 24)).ghi_w_per_m2, late.ghi_w_per_m2)


def test_a_place_off_the_earth_is_refused() -> None:
    with pytest.raises(InvalidQuantityError, match="latitude_deg = 95"):
        clear_sky(JUNE_NS, HOUR, 95.0, 0.0)


@pytest.mark.parametrize("module", ["pvlib", "pandas"])
def test_a_missing_library_is_named_with_its_extra(module) -> None:
    program = f"import sys; sys.modules[{module!r}] = None\nimport battuta.forecast.sky"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "MissingExtraError: pvlib is not installed; run: pip install 'battuta[site-forecast]'" in run.stderr
