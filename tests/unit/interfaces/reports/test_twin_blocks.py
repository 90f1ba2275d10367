import numpy as np

from battuta.interfaces.reports.twin_blocks import Chart, Line, Picture, Report, Section, Words


def test_charts_of_a_report_have_names_of_their_own():
    line = Line(name="a", x=np.arange(2.0), y=np.arange(2.0))
    chart = Chart(title="t", x_label="x", y_label="y", lines=(line,))
    picture = Picture(key="fan", caption="c", charts=(chart, chart))
    section = Section(heading="h", blocks=(Words(text="w"), picture))
    report = Report(title="t", subtitle="", label="", foot="", sections=(section, section))
    assert [name for name, _ in report.charts()] == ["fan-0", "fan-1", "fan-0", "fan-1"]
