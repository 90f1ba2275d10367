import pytest

from battuta.domain.study import DutyFile, FrequencyRegulation, Storage, Strategy
from battuta.interfaces.reports.twin_spread import Bettered
from battuta.interfaces.reports.twin_wording import (
    chance_text,
    duty_text,
    exceedance_cells,
    listed,
    margin_text,
    money_text,
    rate_text,
    sentence,
    soh_text,
    year_text,
)
from battuta.interfaces.reports.wording import MISSING

NAN = float("nan")


@pytest.mark.parametrize("write", [money_text, soh_text, rate_text, chance_text, year_text])
def test_what_is_missing_is_a_dash(write):
    assert write(NAN) == MISSING


def test_margins_say_their_unit():
    assert margin_text(NAN, "degC") == MISSING
    assert margin_text(0.02, "-") == "0.020"
    assert margin_text(12.5, "degC").endswith("°C")
    assert margin_text(7.0, "month").endswith("month")


def test_cells_of_each_kind():
    figure = Bettered(mean=0.1, p50=0.2, p75=0.15, p90=NAN, p99=NAN)
    assert exceedance_cells(figure, "rate")[1].startswith("20.00")
    assert exceedance_cells(figure, "ratio")[3:] == (MISSING, MISSING)


@pytest.mark.parametrize(
    ("duty", "words"),
    [
        (
            FrequencyRegulation(power_share=1.0, full_cycles_per_day_max=0.35),
            "at most 0.35 full cycles a day: once spent, no response until midnight UTC",
        ),
        (DutyFile(path="year.csv"), "year.csv"),
        (Storage(soc=0.5), "storage at 50"),
    ],
)
def test_a_duty_in_words(duty, words):
    assert words in duty_text(Strategy(name="a", duty=duty))


def test_sentences_and_lists():
    assert sentence("fitted to 40 degC.") == "Fitted to 40 °C."
    assert sentence("sony_lfp_3ah speaks") == "sony_lfp_3ah speaks."
    assert listed(["a", "b"]) == "a and b"
