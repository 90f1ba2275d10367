"""A study's answer as tables of the terminal."""

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
