import numpy as np

from battuta.interfaces.reports.twin_blocks import (
    BESIDE,
    Chart,
    Line,
    Picture,
    Report,
    Rows,
    Section,
    Words,
    side_by_side,
)


def test_charts_of_a_report_have_names_of_their_own():
    line = Line(name="a", x=np.arange(2.0), y=np.arange(2.0))
    chart = Chart(title="t", x_label="x", y_label="y", lines=(line,))
    picture = Picture(key="fan", caption="c", charts=(chart, chart))
    section = Section(heading="h", blocks=(Words(text="w"), picture))
    report = Report(title="t", subtitle="", label="", foot="", sections=(section, section))
    assert [name for name, _ in report.charts()] == ["fan-0", "fan-1", "fan-0", "fan-1"]


def test_many_strategies_stand_in_several_tables_that_lose_nothing():
    names = tuple(f"s{k}" for k in range(12))
    whole = Rows(caption="c", columns=("", "unit", *names), rows=(("a", "kW", *names), ("b", "h", *names)))
    parts = side_by_side(whole, 2)
    assert [len(each.columns) - 2 for each in parts] == [BESIDE, BESIDE, 2]
    assert tuple(name for each in parts for name in each.columns[2:]) == names
    assert tuple(cell for each in parts for cell in each.rows[1][2:]) == names
    assert {each.rows[1][:2] for each in parts} == {("b", "h")}
    assert side_by_side(parts[0], 2) == (parts[0],)
