"""A study's answer as tables of the terminal."""

from dataclasses import replace

import numpy as np

from battuta.interfaces.cli.twin_words import print_result
from unit.interfaces.reports.twin_case import augmented, contracted, result
from unit.studies.life_case import small_result


def test_tables_say_strategies_side_by_side_and_clauses_below(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    print_result(small_result(), 1.5)
    said = capsys.readouterr().out
    for words in ("base", "rest", "by naumann_lfp alone", "(ASSUMED)", "full_cycles_per_year", "1.5 s; study"):
        assert words in said
    assert said.count("warranty assumed 314 Ah warranty (ASSUMED)") == 2
    assert "requests are followed" not in said
    assert "new strings" not in said


def test_a_cap_and_new_strings_have_a_line_where_there_are_any(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    print_result(augmented(contracted(result())), 1.5)
    lines = capsys.readouterr().out.splitlines()
    (followed,) = (line for line in lines if "time in which requests are followed" in line)
    assert followed.count("90.0 %") == 2
    (strings,) = (line for line in lines if "lives with new strings, mean cost, EUR" in line)
    assert strings.count("50.0 %, 31,250") == 2


def line_of(capsys, made, words):
    print_result(made, 1.5)
    (line,) = (each for each in capsys.readouterr().out.splitlines() if words in each)
    return line


def with_first(made, **changes):
    return replace(made, strategies=(replace(made.strategies[0], **changes), *made.strategies[1:]))


def test_a_life_without_a_return_counts_as_the_worst_as_in_the_report(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    made = result()
    money = made.strategies[0].finance
    irr = np.where(np.arange(money.irr.size) < 0.6 * money.irr.size, np.nan, 0.08)
    some = with_first(made, finance=replace(money, irr=irr))
    assert "- / - / 8.0 %" in line_of(capsys, some, "IRR of the equity, P90 / P50 / P10")


def test_what_does_not_exist_is_a_dash(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    first = result().strategies[0]
    none = with_first(
        result(),
        summary=replace(first.summary, full_cycles=0.0, round_trip_efficiency=0.0),
        finance=replace(first.finance, lcos_nominal=np.full_like(first.finance.lcos_nominal, np.nan)),
    )
    assert line_of(capsys, none, "LCOS nominal").split("/MWh")[1].split()[0] == "-"
    assert line_of(capsys, none, "round trip").split("connection")[1].split()[0] == "-"


def test_a_remark_names_the_strategies_that_it_is_about(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    made = with_first(result(), remarks=("only the first does this",))
    name = made.strategies[0].strategy.name
    assert line_of(capsys, made, "only the first") == f"- only the first does this ({name})"


def test_margins_of_thousands_are_whole(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    print_result(small_result(), 1.5)
    assert "e+03" not in capsys.readouterr().out


def test_more_than_five_strategies_stand_below_each_other(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    made = small_result()
    first = made.strategies[0]
    many = tuple(replace(first, strategy=replace(first.strategy, name=f"name{k:02d}")) for k in range(12))
    print_result(replace(made, strategies=many), 1.5)
    lines = capsys.readouterr().out.splitlines()
    heads = [[word for word in line.split() if word.startswith("name")] for line in lines if line.startswith("    ")]
    assert [len(each) for each in heads if each] == [5, 5, 2]
    assert "strategies 11 to 12" in lines
