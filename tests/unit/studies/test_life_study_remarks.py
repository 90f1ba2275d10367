"""Remarks: each thing that a reader has to know is said once, and only where it is so."""

import tomllib
from dataclasses import replace

import numpy as np

from battuta.adapters.files.study_file import parse_study
from battuta.adapters.files.warranty_file import named_warranty
from battuta.app.life_studies import example_study
from battuta.domain.ageing_table import AgeingTable
from battuta.domain.outlook import Availability
from battuta.domain.study import FrequencyRegulation, Storage
from battuta.physics.ageing.ageing_law import ageing_law
from battuta.physics.ageing.borrowed_resistance import with_resistance
from battuta.physics.ageing.duty_days import duty_days
from battuta.physics.ageing.user_table import user_tables
from battuta.studies.life_study_remarks import remarks_on_offer, remarks_on_strategy, remarks_on_study
from unit.studies.life_case import inputs, small_result, study
from unit.twin.insurance_case import failure, policy

LAWS = [ageing_law("naumann_lfp"), with_resistance(ageing_law("lfp_250ah"), ageing_law("naumann_lfp"))]


def said(asked, laws=LAWS):
    return " | ".join(remarks_on_study(asked, inputs(asked), laws))


def test_what_is_made_up_assumed_or_beyond_its_data_is_said():
    words = said(study(n_lives=40, n_years=5))
    for each in (
        "SYNTHETIC",
        "nobody signed it",
        "of cell lfp_314ah these are assumed",
        "lfp_250ah says nothing of resistance: its growth is taken from naumann_lfp",
        "naumann_lfp was fitted on 885 days and is asked for 1826",
        "spread of these rates is assumed",
        "40 lives are too few",
        "weights of the models are the asker's",
    ):
        assert each in words


def test_what_is_not_so_is_not_said():
    asked = study(n_lives=200, n_years=2, laws=("naumann_lfp",))
    words = said(replace(asked, warranty=None), LAWS[:1])
    for each in ("signed", "too few", "885 days", "weights", "resistance: its"):
        assert each not in words
    assert "one ageing model speaks (naumann_lfp)" in words


def test_one_kind_of_cell_alone_is_told():
    laws = [ageing_law("naumann_lfp"), ageing_law("sony_lfp_3ah")]
    assert "all ageing models describe one kind of cell (Sony/Murata US26650)" in said(study(), laws)
    assert "one kind of cell" not in said(study())


def test_a_table_is_the_users_and_says_whether_it_has_a_spread():
    table = AgeingTable(name="maker", years=(5.0, 10.0), soh_capacity=(0.9, 0.8))
    laws = [with_resistance(user_tables([table])["maker"], ageing_law("naumann_lfp"))]
    words = said(study(), laws)
    assert "maker is a table given by the user, which nobody verified" in words
    assert "maker is taken for exact" in words
    laws = [user_tables([replace(table, rate_deviation_share=0.1)])["maker"]]
    assert "of maker the spread of these rates is assumed" in said(study(), laws)


def test_a_strategy_says_what_is_not_met_and_what_is_synthetic():
    base = small_result().of("base")
    cycles = duty_days(np.tile([0.3, 0.7], 12), np.full(24, 25.0), np.tile([0.4, -0.4], 12), 3600.0)
    less = replace(base.summary, shortfall_share=0.05)
    words = remarks_on_strategy(base.duty, less, cycles, LAWS[:1], 0.9)
    assert words[0] == "its duty is SYNTHETIC: SYNTHETIC frequency"
    assert words[1] == "a new battery does not meet 5.0 % of what is asked"
    assert words[2] == (
        "once the full cycles that a day may have are spent, no request is answered until midnight UTC, and that time "
        "is not paid: 10.0 % of a new battery's year; it is counted on the SYNTHETIC frequency"
    )
    real = remarks_on_strategy(replace(base.duty, is_synthetic=False), base.summary, cycles, LAWS[:1], 1.0)
    assert real == ()


def test_failures_and_incidents_without_source_are_said():
    asked = study(n_lives=200, n_years=2)
    assert "failures have no source" not in said(asked)
    failing = replace(
        asked,
        battery=replace(asked.battery, containers=4, converters=2),
        availability=Availability(failure=(failure(), failure(name="fuse", source="a log"))),
        insurance=policy(),
    )
    words = said(failing)
    assert "their rates and repairs are assumed: converter |" in words
    assert "they are assumed: cell vents, container burns, propagation between containers |" in words
    assert "rebuilt as they were" in words


def test_more_than_the_product_takes_from_a_rating_is_told():
    (said,) = remarks_on_offer(FrequencyRegulation(power_share=1.0))
    assert said.startswith("it sells 100 % of its rating, ce_fcr takes at most 80 %")
    assert remarks_on_offer(FrequencyRegulation()) == (), "left out, as much as may be sold"
    assert remarks_on_offer(FrequencyRegulation(power_share=0.8)) == ()
    (nordic,) = remarks_on_offer(FrequencyRegulation(product="nordic_fcr_n", power_share=0.8))
    assert "nordic_fcr_n takes at most 75 %" in nordic
    assert remarks_on_offer(Storage()) == ()


def test_the_study_to_start_from_sells_no_more_than_the_product_takes():
    asked = parse_study(tomllib.loads(example_study()), "example", named_warranty("assumed_314ah"))
    assert [remarks_on_offer(each.duty) for each in asked.strategies] == [(), (), ()]
