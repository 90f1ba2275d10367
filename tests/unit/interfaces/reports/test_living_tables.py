"""Tables of a run: money beside rules, sites, events and alarms."""

import re

from battuta.interfaces.reports.living_tables import ROWS_MAX, alarm_table, event_table, money_table, site_table
from battuta.services.conductor_events import Alarm


def cells(table):
    rows = re.findall(r"<tr>(.*?)</tr>", table.split("<tbody>")[1], re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_money_stands_beside_the_rules_best_first(living_record):
    assert cells(money_table(living_record)) == [
        ["these sites (simulated)", "3.00", "-"],
        ["oracle_day, plain battery model (yardstick: knows the day)", "9.00", "-6.00"],
        ["similar_day, plain battery model", "4.00", "-1.00"],
        ["idle, plain battery model", "-1.00", "4.00"],
    ]


def test_each_site_has_its_line(living_record):
    rows = cells(site_table(living_record))
    assert rows[0] == ["0", "market, ce_fcr", "1.0", "0.01", "0.04", "10.0", "26.0", "0.200", "0"]
    assert rows[1][1] == "own load"
    assert rows[1][-1] == "1"
    assert rows[2][5:7] == ["-", "-"]  # nothing was measured


def test_a_thousand_sites_are_not_all_listed(make_living):
    table = site_table(make_living(n_sites=1_000))
    assert len(cells(table)) == ROWS_MAX
    assert f"The first {ROWS_MAX} of 1,000 sites" in table


def test_events_and_alarms_are_told_in_local_time(living_record):
    assert cells(event_table(living_record)) == [["Mon 2026-01-05 00:01:30", "20", "49.700", "12.0"]]
    assert cells(alarm_table(living_record)) == [["Mon 2026-01-05 00:01:00", "1", "coolant leak", "yes"]]


def test_none_is_said(make_living):
    record = make_living(frequency_events=(), alarms=())
    assert "No frequency events." in event_table(record)
    assert "No alarms." in alarm_table(record)


def test_a_storm_of_alarms_is_cut_and_says_so(make_living):
    alarm = Alarm(site=0, cause="<b>", calls_out=False)
    record = make_living(alarms=((1_767_225_600 * 10**9, alarm),) * (ROWS_MAX + 1))
    table = alarm_table(record)
    assert len(cells(table)) == ROWS_MAX
    assert "summary.json holds all" in table
    assert "<b>" not in table
