"""A finding is possible: its probability is a share, and it is not told before it began."""

import pytest

from battuta.domain.errors import DataError
from battuta.domain.health import Derating, FaultClass, Finding, FindingLevel


def finding(**changes) -> Finding:
    settings = {
        "string_id": "S1", "cell": 7, "fault": FaultClass.MICRO_SHORT, "level": FindingLevel.ACT, "since_ns": 5,
        "found_ns": 9, "probability": 0.9,
    }  # fmt: skip
    return Finding(**{**settings, **changes})


def test_levels_are_ordered() -> None:
    assert FindingLevel.WATCH < FindingLevel.PLAN < finding().level


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(DataError, match="not a share"):
        finding(probability=1.5)
    with pytest.raises(DataError, match="before it began"):
        finding(found_ns=4)
    with pytest.raises(DataError, match="is none"):
        Derating(string_id="S1", power_share_max=0.5, soc_min=0.9, soc_max=0.1, temperature_c_max=45.0, reason="leak")
