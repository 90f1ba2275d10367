"""The section on availability and insurance: what is there is shown, what is not is said."""

from battuta.domain.insurance import Layout
from battuta.interfaces.reports.twin_availability_section import availability
from battuta.interfaces.reports.twin_blocks import Picture, Rows, Words
from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_report import label
from battuta.interfaces.reports.twin_wording import money_text
from unit.interfaces.reports.losses_case import whole, with_losses
from unit.interfaces.reports.twin_case import result
from unit.twin.insurance_case import FLOOD, failure, policy


def blocks(section, kind):
    return [each for each in section.blocks if isinstance(each, kind)]


def test_without_either_both_are_said_to_be_missing():
    (words,) = availability(study_figures(result())).blocks
    assert "ASSUMED" in words.text
    assert "none is part of the plan" in words.text
    assert words.text.endswith(
        "Failures of single parts, incidents, and what an insurer would lose by class of incident are not modelled."
    )


def test_failures_alone_leave_incidents_out():
    section = availability(study_figures(with_losses(failures=(failure(),))))
    assert "Incidents, and what an insurer would lose" in section.blocks[0].text
    classes, years = blocks(section, Rows)
    assert classes.rows[0][:2] == ("converter", "2 x converter")
    assert classes.rows[0][-1] == "ASSUMED"
    assert [row[0] for row in years.rows] == ["a year", "mean of a life"]


def test_an_insurer_finds_every_class_and_distance():
    figures = whole()
    section = availability(figures)
    _, _, expected, large = blocks(section, Rows)
    assert [row[0] for row in expected.rows if row[0]] == ["4.0\u00a0m, as built", "1.0\u00a0m", "10.0\u00a0m"]
    assert [row[1] for row in expected.rows[:5]] == [
        "cell vents",
        "container burns",
        "flood",
        "all of them",
        "container burns",
    ]
    whole_loss = figures.result.losses.insurer.spacings[0].whole
    assert expected.rows[3][7] == money_text(whole_loss.together.expected)
    assert large.rows[3][4] == money_text(whole_loss.damage.maximum)
    assert len(expected.columns) == len(expected.rows[0])
    assert len(large.columns) == len(large.rows[0])
    (picture,) = blocks(section, Picture)
    assert [each.name for each in picture.charts[0].lines] == ["4.0 m", "1.0 m", "10.0 m"]
    assert all((line.y > 0.0).all() for line in picture.charts[0].lines)


def test_what_has_no_source_is_a_warning_and_part_of_the_label():
    warning = [each for each in blocks(availability(whole()), Words) if each.is_warning]
    assert "cell vents, container burns and propagation between containers" in warning[0].text
    assert "failures, incidents, warranty" in label(whole())
    known = study_figures(
        with_losses(insurance=policy(incident=(FLOOD,), spacing_m_compared=(), layout=Layout.GRID, rows=2))
    )
    section = availability(known)
    assert not [each for each in blocks(section, Words) if each.is_warning]
    assert any("in 2 rows of 2" in each.text and "No premium" in each.text for each in blocks(section, Words))
    assert "incidents" not in label(known)
