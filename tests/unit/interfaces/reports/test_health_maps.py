"""Maps of strings and fleets: scales that compare, marks where findings are, links to their evidence."""

import re
from dataclasses import replace

import numpy as np

from battuta.domain.health import FindingLevel
from battuta.interfaces.reports.health_maps import LIMITS, fleet_map, legend, map_limit, string_map
from unit.health.recorded_lives import LEAKING, N_CELLS, scanned

LINKS = {("1", LEAKING): "case-1"}


def test_a_mark_leads_from_the_first_day_to_the_day_it_was_told_and_links_to_the_evidence() -> None:
    result = scanned().strings[1]
    assert result.record is not None
    text = string_map(result.record, result.findings, LINKS, "charge", 0.05)
    marks = re.findall(
        r'<a class="mark (\w+)" style="left:([\d.]+)%;width:([\d.]+)%;top:([\d.]+)%"[^>]*href="#case-1"', text
    )
    assert len(marks) == len(result.findings)
    level, left, width, top = marks[0]
    assert level == result.findings[0].level.name.lower()
    assert 40.0 < float(left) < float(left) + float(width) <= 100.0
    assert abs(float(top) - 100.0 * (LEAKING + 0.5) / N_CELLS) < 0.1
    assert 'src="data:image/png;base64,' in text


def test_a_finding_whose_evidence_is_not_drawn_has_no_link() -> None:
    result = scanned().strings[1]
    assert result.record is not None
    assert "href" not in string_map(result.record, result.findings, {}, "charge", 0.05)


def test_the_scale_is_round_and_that_of_the_bulk_of_all_strings() -> None:
    strings = scanned().strings
    limit = map_limit(strings, "charge")
    joint = np.concatenate([each.record.maps["charge"].ravel() for each in strings if each.record is not None])
    assert limit in LIMITS["charge"]
    assert np.mean(np.abs(joint) <= limit) >= 0.99
    assert map_limit([replace(each, record=None) for each in strings], "charge") == LIMITS["charge"][0]


def test_a_fleet_has_a_row_a_string_and_shows_the_gravest_of_a_module_once() -> None:
    quiet, leaking = scanned().strings
    grave = replace(leaking.findings[0], level=FindingLevel.ACT, cell=LEAKING + 1)
    findings = (*(replace(each, level=FindingLevel.WATCH) for each in leaking.findings), grave)
    text = fleet_map([quiet, replace(leaking, findings=findings, string_id="<b>")], LINKS, 0.05)
    assert text.count("<li>") == 2
    assert re.findall(r'class="dot (\w+)" style="left:([\d.]+)%"', text) == [("act", "25.00")]
    assert "&lt;b&gt;" in text
    assert "<b>" not in text


def test_a_legend_says_what_the_ends_mean() -> None:
    assert "+5 % of capacity or more" in legend("charge", 0.05)
    assert "\u2212200 µΩ or less" in legend("resistance_ohm", 2e-4)
