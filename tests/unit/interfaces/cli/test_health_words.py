"""A finding in words and as JSON says the same."""

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.interfaces.cli.health_words import FINDING_HEADS, finding_json, finding_row, finding_words

DAY_NS = 86_400_000_000_000


def finding(**changes) -> Finding:
    settings = {
        "string_id": "S1", "cell": 17, "fault": FaultClass.MICRO_SHORT, "level": FindingLevel.ACT, "since_ns": 0,
        "found_ns": 2 * DAY_NS, "probability": 0.9, "evidence": {"charge_lost_per_day": 0.00123},
    }  # fmt: skip
    return Finding(**{**settings, **changes})


def test_words() -> None:
    said = finding_words(finding())
    assert said == (
        "act: S1, cell 17 (from 0): micro short since 1970-01-01, told 1970-01-03 (charge_lost_per_day 0.00123)"
    )
    assert finding_words(finding(cell=None)).startswith("act: S1: micro short")


def test_a_row_says_how_cells_are_counted() -> None:
    row = dict(zip(FINDING_HEADS, finding_row(finding(cell=0)), strict=True))
    assert (row["cell (from 0)"], row["told"], row["likely"]) == ("0", "1970-01-03", "90 %")


def test_the_name_in_the_file_stands_beside_the_number() -> None:
    assert finding_row(finding(), "cell_18_mv")[2] == "17 (cell_18_mv)"
    assert finding_row(finding(cell=None), "")[2] == "string"
    assert finding_json(finding(), "cell_18_mv")["label"] == "cell_18_mv"
    assert "label" not in finding_json(finding())


def test_json_has_days_to_limit_only_where_something_grows() -> None:
    assert finding_json(finding())["level"] == "act"
    assert finding_json(finding())["probability"] == 0.9
    assert "days_to_limit" not in finding_json(finding())
    assert finding_json(finding(days_to_limit=(3.0, 5.0, 9.0)))["days_to_limit"] == [3.0, 5.0, 9.0]
