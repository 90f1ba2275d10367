"""A finding says its column, its days, what was seen and what to do."""

from battuta.domain.input_finding import InputFault, InputFinding, Severity

FINDING = InputFinding(
    column="load_mw",
    kind=InputFault.SHIFT,
    first_day=7,
    n_days=3,
    detail="one hour late",
    mend="look",
    severity=Severity.WARN,
)


def test_a_finding_says_its_days():
    assert FINDING.last_day == 9
    assert str(FINDING) == "load_mw, days 7 to 9: one hour late [shift, warn]; look"


def test_only_a_refused_finding_takes_days_away():
    assert not FINDING.is_refused
