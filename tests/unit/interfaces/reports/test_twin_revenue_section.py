import pytest

from battuta.interfaces.reports.twin_blocks import Picture, Rows, Words
from battuta.interfaces.reports.twin_figures import study_figures
from battuta.interfaces.reports.twin_revenue_section import revenue
from battuta.interfaces.reports.twin_wording import money_text
from unit.interfaces.reports.twin_case import contracted, result


def parts(made):
    blocks = revenue(study_figures(made)).blocks
    words = " ".join(each.text for each in blocks if isinstance(each, Words))
    return [each for each in blocks if isinstance(each, Rows)], words, [x for x in blocks if isinstance(x, Picture)]


def amounts(row):
    return [float(cell.replace(",", "")) for cell in row[2:6]]


def test_revenue_adds_up():
    (sold, _), words, pictures = parts(result())
    assert sold.columns[2:6] == ("response", "energy sold", "energy bought", "net")
    response, energy, bought, net = amounts(sold.rows[0])
    assert net == pytest.approx(response + energy - bought, abs=1.6)
    assert "all revenue is merchant" in words
    assert "Share of the time" not in words
    assert not pictures


def test_contracts_part_the_revenue_in_the_years_around_their_end():
    made = contracted(result())
    (contracts, sold, _), words, pictures = parts(made)
    assert contracts.rows[0][:4] == ("toll", "rent (tolling)", "50\u00a0%", "1 to 4")
    assert sold.columns[2:4] == ("contracted", "merchant")
    assert [row[1] for row in sold.rows[:4]] == ["1", "4", "5", "10"]
    assert sold.rows[0][2] == money_text(float(made.strategies[0].tranches.contracted[:, 0].mean()))
    assert amounts(sold.rows[2])[0] == 0.0
    assert "base 90.0" in words
    assert len(pictures[0].charts) == 2


def test_a_cap_says_when_response_ends_and_of_which_days_it_was_told():
    words = parts(contracted(result()))[1]
    assert "no request is answered until the next midnight UTC, and response is not paid in that time" in words
    assert "that of 7 SYNTHETIC days that repeat all year" in words
