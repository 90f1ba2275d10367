"""A lender reads one conclusion, and what to measure next (SYNTHETIC)."""

from dataclasses import replace

import pytest

from battuta.domain.measured_health import TelemetryFile
from battuta.interfaces.reports.twin_telemetry_reading import shared_error_text, telemetry_reading
from unit.interfaces.reports.twin_telemetry_case import measured

FOUND = measured().telemetry


def reading(**fit):
    return telemetry_reading(replace(FOUND, fit=replace(FOUND.fit, **fit)))


@pytest.mark.parametrize(
    ("fit", "words"),
    [
        ({"wide_share": 0.1}, "Conclusion: the models explain the measurements (probability of ageing like none"),
        ({"wide_share": 0.5}, "do not tell yet whether the battery ages like one of the models"),
        ({"wide_share": 0.97}, "only by rates or exponents that none of the models has (probability 97.0"),
        ({"fit_chance": 0.999}, "deviations are stated too large"),
        ({"fit_chance": 1e-4, "wide_share": 0.97}, "Do not lend on this fan"),
    ],
)
def test_one_conclusion_fits_each_case(fit, words):
    assert words in reading(**fit)


def test_a_fit_that_is_neither_is_not_called_too_good():
    assert "too large" not in reading(fit_chance=0.9)


def test_what_to_measure_next_is_the_larger_error():
    assert "Measure next: more of the same, or with smaller errors. Their number leaves 0.58 points" in reading()
    (site,) = FOUND.sites
    shared = replace(site, capacity=replace(site.capacity, shared_deviation=0.02))
    said = telemetry_reading(replace(FOUND, sites=(shared,)))
    assert "by one calibrated meter. The error that all measurements share (2 points of capacity) is more than" in said


def test_an_assumed_error_says_so():
    named = TelemetryFile(path="soh.csv", lived_as="base", shared_deviation=0.01)
    assert shared_error_text(named) == "1.00\u00a0% of new (stated)"
    assert shared_error_text(None).endswith("(ASSUMED)")
