"""An item says where, what and why, and never that what was not tested passed."""

from battuta.domain.health import FaultClass
from battuta.health.commission import Place, Verdict

PLACE = Place(where="S1", name="water", fault=FaultClass.WATER)


def test_an_item_that_was_not_tested_did_not_pass() -> None:
    item = PLACE.not_tested("needs a sensor")
    assert item.verdict is Verdict.NOT_TESTED
    assert item.reason == "needs a sensor"
    assert not item.figures


def test_an_item_that_was_tested_passed_or_failed() -> None:
    passed = PLACE.tested(passed=True, reason="dry", figures={"n_wet": 0.0})
    failed = PLACE.tested(passed=False, reason="wet", figures={"n_wet": 1.0}, cells=[3])
    assert (passed.verdict, failed.verdict, failed.cells) == (Verdict.PASS, Verdict.FAIL, (3,))
