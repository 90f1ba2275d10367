"""A study's answer as tables of the terminal."""

from battuta.interfaces.cli.twin_words import print_result
from unit.studies.life_case import small_result


def test_tables_say_strategies_side_by_side_and_clauses_below(capsys):
    print_result(small_result(), 1.5)
    said = capsys.readouterr().out
    for words in ("base", "rest", "by naumann_lfp alone", "(ASSUMED)", "full_cycles_per_year", "1.5 s; study"):
        assert words in said
    assert said.count("warranty assumed 314 Ah warranty (ASSUMED)") == 2
