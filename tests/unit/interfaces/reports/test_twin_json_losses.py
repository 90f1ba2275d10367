"""Failures and incidents in the annex."""

import json

import pytest

from battuta.interfaces.reports.twin_json import figures_json
from battuta.interfaces.reports.twin_json_losses import losses_json
from unit.interfaces.reports.losses_case import whole, whole_result, with_losses
from unit.interfaces.reports.twin_case import result
from unit.twin.insurance_case import failure


def test_the_annex_holds_what_the_report_says():
    made = whole_result()
    told = losses_json(made)
    assert told["availability"]["year"]["p90"] >= told["availability"]["year"]["p99"]
    assert told["availability"]["failures"]["converter"]["is_assumed"] is True
    assert told["availability"]["failures"]["fuse"]["is_assumed"] is False
    spacings = told["insurance"]["spacings"]
    assert [each["spacing_m"] for each in spacings] == [4.0, 1.0, 10.0]
    fire = spacings[0]["incidents"]["container burns"]
    assert fire["damage"]["expected"] == pytest.approx(made.losses.insurer.spacings[0].classes[1].damage.expected)
    assert spacings[0]["all"]["both"]["max"] >= fire["both"]["p996"]
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_what_a_study_does_not_name_is_absent():
    assert losses_json(result()) == {}
    told = losses_json(with_losses(failures=(failure(),)))
    assert set(told) == {"availability"}
    assert {"availability", "insurance"} <= set(figures_json(whole()))
