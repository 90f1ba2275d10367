"""Every class of finding has words, and numbers are shown in the unit that people use."""

from battuta.domain.health import FaultClass, Finding, FindingLevel
from battuta.domain.time import NS_PER_DAY
from battuta.interfaces.cli.health_words import FINDING_HEADS, finding_row
from battuta.interfaces.reports.health_words import (
    ADVICE,
    LEVEL_WORDS,
    evidence_pairs,
    likely_text,
    limit_words,
    place_words,
    since_text,
    told_text,
)


def finding(**changes: object) -> Finding:
    given: dict[str, object] = {
        "string_id": "A1",
        "cell": 3,
        "fault": FaultClass.MICRO_SHORT,
        "level": FindingLevel.ACT,
        "since_ns": 20_000 * NS_PER_DAY,
        "found_ns": 20_010 * NS_PER_DAY,
        "probability": 0.5,
    }
    return Finding(**{**given, **changes})


def test_every_class_and_level_has_words() -> None:
    assert set(ADVICE) == set(FaultClass)
    assert set(LEVEL_WORDS) == set(FindingLevel)
    for each in ADVICE.values():
        assert each.meaning.endswith(".")
        assert each.step.endswith(".")


def test_evidence_is_in_the_unit_of_a_screen() -> None:
    said = finding(evidence={"resistance_ohm": 1.234e-4, "others_median": -2e-6, "score": 15.04, "window_days": 7.0})
    assert evidence_pairs(said) == [
        ("resistance", "123\u00a0µΩ"),
        ("the same, median of the string", "-2.00\u00a0µΩ"),
        ("usual distances of the other cells", "15.0"),
        ("looked at over", "7 days"),
    ]


def test_what_a_test_compared_with_is_in_its_own_unit() -> None:
    said = finding(evidence={"charge_lost_more_per_day": 0.004, "others_median": 1e-4, "watch_from": 0.0014})
    assert evidence_pairs(said) == [
        ("charge lost a day, more than before", "0.400\u00a0% of capacity"),
        ("the same, median of the string", "0.0100\u00a0% of capacity"),
        ("watch begins beyond it by", "0.140\u00a0% of capacity"),
    ]


def test_evidence_that_is_not_known_is_shown_as_it_is_called() -> None:
    said = finding(evidence={"rise_k": 3.21, "others_median": 0.0, "ratio": float("nan")})
    assert evidence_pairs(said) == [("rise_k", "3.21"), ("the same, median of the string", "0"), ("ratio", "-")]


def test_days_and_places() -> None:
    said = finding(days_to_limit=(5.2, 20.0, 88.8))
    assert (since_text(said), told_text(said)) == ("2024-10-04", "2024-10-14")
    assert limit_words(said) == "20 days (5 to 89) from 2024-10-14"
    assert limit_words(finding()) == ""
    assert place_words(finding(cell=None)) == "string"


def test_the_page_says_the_same_day_and_the_same_share_as_the_command() -> None:
    said = finding(probability=1 / 2.1)
    row = dict(zip(FINDING_HEADS, finding_row(said), strict=True))
    assert (row["told"], row["likely"]) == (told_text(said), likely_text(said).replace("\u00a0", " "))
    assert likely_text(finding(probability=0.004)) == "0.4\u00a0%"
