"""Study files: read whole, and refused with all that is wrong at once."""

from pathlib import Path

import pytest

from battuta.adapters.files.study_file import read_study, schema_of_tables, tables_of, warranty_named
from battuta.domain.errors import DataError
from battuta.domain.failures import FailingUnit
from battuta.domain.studied_battery import ClimateFile, SteadyClimate
from battuta.domain.study import DutyFile, FrequencyRegulation, Storage

GOOD = """
[study]
name = "one"
seed = 7
[battery]
cell = "lfp_314ah"
converter = "bonfiglioli_field"
cells_in_series = 416
strings = 12
power_kw = 2500
[climate]
mean_c = 11.0
[[strategy]]
name = "base"
kind = "frequency_regulation"
power_share = 0.5
[[strategy]]
name = "rest"
kind = "storage"
[[strategy]]
name = "own"
kind = "duty_file"
path = "duty.csv"
[ageing.weights]
naumann_lfp = 1.0
[market]
capacity_price_per_mw_h = 10.0
energy_price_per_mwh = 50.0
[finance]
currency = "EUR"
n_years = 20
installed_cost = 1e6
inflation = 0.02
real_discount_rate = 0.05
[finance.debt]
interest_rate = 0.05
tenor_years = 10
kind = "annuity"
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "study.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_study_is_read_whole(tmp_path):
    study = read_study(write(tmp_path, GOOD))
    assert (study.name, study.seed, study.n_years, study.n_lives) == ("one", 7, 20, 1000)
    assert study.climate == SteadyClimate(mean_c=11.0)
    assert [each.duty for each in study.strategies] == [
        FrequencyRegulation(power_share=0.5),
        Storage(),
        DutyFile(path="duty.csv"),
    ]
    assert study.finance.debt is not None
    assert study.finance.debt.kind == "annuity"


def test_a_climate_may_be_a_file(tmp_path):
    study = read_study(write(tmp_path, GOOD.replace("mean_c = 11.0", 'path = "climate.csv"')))
    assert study.climate == ClimateFile(path="climate.csv")


def test_all_that_is_wrong_is_said_at_once(tmp_path):
    text = (
        GOOD.replace("power_kw = 2500", "power_kw = -2")
        .replace('kind = "storage"', 'kind = "stor"')
        .replace("mean_c = 11.0", 'mean_c = "warm"')
        .replace("seed = 7", "seeds = 7")
        .replace("tenor_years = 10", "tenor_years = 30")
        + "[extra]\n"
    )
    with pytest.raises(DataError) as caught:
        read_study(write(tmp_path, text))
    said = str(caught.value)
    for words in (
        "study.seeds:",
        "power_kw = -2",
        "strategy.1.kind = 'stor' is none of frequency_regulation, day_ahead_trading, duty_file, storage",
        "climate.mean_c: Input should be a valid number",
        "tenor_years = 30 is longer than n_years = 20",
        "[extra] is no table",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("cut", "words"),
    [
        ("[climate]\nmean_c = 11.0", "[climate] is missing"),
        ('[study]\nname = "one"\nseed = 7', "[study] is missing"),
        ('name = "base"', "strategy.0.name is missing"),
        ("installed_cost = 1e6", "finance.installed_cost: Field required"),
    ],
)
def test_what_is_missing_is_named(tmp_path, cut, words):
    with pytest.raises(DataError) as caught:
        read_study(write(tmp_path, GOOD.replace(cut, "")))
    assert words in str(caught.value)


def test_two_strategies_of_one_name_are_refused_with_the_file(tmp_path):
    with pytest.raises(DataError, match=r"study\.toml: two strategies are called 'base'"):
        read_study(write(tmp_path, GOOD.replace('name = "rest"', 'name = "base"')))


def test_a_file_that_is_none_is_refused(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        tables_of(tmp_path / "no.toml")
    with pytest.raises(DataError, match="not valid TOML"):
        tables_of(write(tmp_path, "a ="))
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="cannot be read"):
        tables_of(tmp_path / "binary.toml")


def test_an_empty_file_lacks_a_strategy_too(tmp_path):
    with pytest.raises(DataError, match=r"\[\[strategy\]\] is missing: write at least one"):
        read_study(write(tmp_path, ""))


def test_a_warranty_is_named_by_one_key():
    assert warranty_named({}, "f") is None
    assert warranty_named({"warranty": {"terms": "assumed_314ah"}}, "f") == "assumed_314ah"
    for wrong in ({"warranty": "x"}, {"warranty": {"terms": 1}}, {"warranty": {"terms": "a", "b": 1}}):
        with pytest.raises(DataError, match="one key, terms"):
            warranty_named(wrong, "f")


def test_the_schema_names_every_part():
    assert {"study", "battery", "finance", "strategy (storage)"} <= set(schema_of_tables())


def test_augmentation_and_contracts_are_read_and_may_be_left_out(tmp_path):
    plain = read_study(write(tmp_path, GOOD))
    assert (plain.augmentation, plain.contracts) == (None, ())
    more = """
[augmentation]
cost_per_kwh = 90.0
soh_energy_floor = 0.8
planned_years = [8, 15]
[[contract]]
name = "toll"
kind = "tolling"
share = 0.5
payment_per_mw_year = 60000.0
n_years = 7
"""
    study = read_study(write(tmp_path, GOOD + more))
    assert study.augmentation is not None
    assert study.augmentation.planned_years == (8, 15)
    assert [each.n_years for each in study.contracts] == [7]
    twice = more + more.split("[[contract]]")[1].join(["[[contract]]", ""]).replace("share = 0.5", "share = 0.6")
    with pytest.raises(DataError, match="toll"):
        read_study(write(tmp_path, GOOD + twice))
    with pytest.raises(DataError, match=r"contract\.0\.share"):
        read_study(write(tmp_path, GOOD + more.replace("share = 0.5", 'share = "half"')))


def test_failures_and_a_policy_are_read_and_refused_with_all_else(tmp_path):
    losses = """
[[availability.failure]]
name = "transformer"
unit = "site"
rate_per_year = 0.02
repair_days = 60
[insurance]
spacing_m = 3.0
interruption_per_day = 1000
[[insurance.propagation]]
spacing_m = 3.0
probability = 0.1
[[insurance.incident]]
name = "container burns"
rate_per_container_year = 0.001
destroyed_share = 1.0
propagates = true
interruption_days = 300
"""
    path = tmp_path / "study.toml"
    whole = GOOD.replace("power_kw = 2500", "power_kw = 2500\ncontainers = 2", 1)
    path.write_text(whole + losses)
    found = read_study(path)
    assert found.availability.failure[0].unit is FailingUnit.SITE
    assert found.insurance.incident[0].propagates
    path.write_text(GOOD + losses)
    with pytest.raises(DataError, match=r"how many containers"):
        read_study(path)
    wrong = losses.replace("repair_days = 60", "repair_days = -1").replace("probability = 0.1", "probability = 1.1")
    path.write_text(whole + wrong.replace('"site"', '"roof"'))
    with pytest.raises(DataError, match=r"(?s)availability.failure.0.unit.*insurance: .*probability = 1.1"):
        read_study(path)


CHANGE = """
power_share = 0.5
[[strategy.change]]
soh_capacity_below = 0.8
then = { power_share = 0.3 }
[[strategy.change]]
from_year = 15
then = { full_cycles_per_day_max = 0.2 }
[[strategy.change]]
soh_capacity_below = 0.6
then = { kind = "storage" }
"""


def test_a_strategy_changes_what_it_names_and_keeps_the_rest(tmp_path):
    base = read_study(write(tmp_path, GOOD.replace("power_share = 0.5\n", CHANGE))).strategies[0]
    kept = FrequencyRegulation(power_share=0.3, full_cycles_per_day_max=0.2)
    assert tuple(each.duty for each in base.stages) == (
        FrequencyRegulation(power_share=0.5),
        FrequencyRegulation(power_share=0.3),
        kept,
        Storage(),
    )
    assert [each.when.from_year for each in base.changes] == [None, 15, None]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("[[strategy.change]]\nfrom_year = 3", "strategy.0.change.0.then is missing"),
        ("[[strategy.change]]\nthen = { power_share = 0.3 }", "strategy.0.change.0: .*never comes"),
        ("[[strategy.change]]\nfrom_year = 3\nthen = { kind = 'sleep' }", "then.kind = 'sleep' is none of"),
        ("[[strategy.change]]\nfrom_year = 3\nthen = { soc = 0.3 }", "strategy.0.change.0.then.soc"),
        ("[[strategy.change]]\nafter = 3\nthen = { power_share = 0.3 }", "strategy.0.change.0.after"),
        ("[strategy.change]\nfrom_year = 3", "must be a list"),
        (
            (
                "[[strategy.change]]\nfrom_year = 9\nthen = { soc_target = 0.3 }\n[[strategy.change]]\nfrom_year = 3\n"
                "then = { power_share = 0.2 }"
            ),
            "change 2 is due in year 3",
        ),
    ],
)
def test_changes_that_cannot_be_are_told_with_their_place(tmp_path, change, says):
    path = write(tmp_path, GOOD.replace("power_share = 0.5\n", f"power_share = 0.5\n{change}\n"))
    with pytest.raises(DataError, match=says):
        read_study(path)


def test_a_study_without_a_title_is_refused(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(GOOD.replace('name = "one"', 'name = " "', 1), encoding="utf-8")
    with pytest.raises(DataError, match="study: name is empty"):
        read_study(path)
