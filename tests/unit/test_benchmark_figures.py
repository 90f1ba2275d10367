"""Figures of benchmarks: goals both ways, what was not run, what is printed, and the exit code."""

import json
import sys
from importlib import import_module
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def figures():
    sys.path.insert(0, str(BENCHMARKS))
    yield import_module("figures")
    sys.path.remove(str(BENCHMARKS))


def test_a_goal_is_an_upper_bound_unless_more_is_better(figures) -> None:
    figure = figures.Figure
    assert figure(name="seconds", value=0.2, unit="s", goal=0.2).met is True
    assert figure(name="seconds", value=0.21, unit="s", goal=0.2).met is False
    assert figure(name="ratio", value=0.21, unit="x", goal=0.2, is_more_better=True).met is True
    assert figure(name="ratio", value=0.19, unit="x", goal=0.2, is_more_better=True).met is False
    assert figure(name="seconds", value=float("nan"), unit="s", goal=0.2).met is False


def test_without_a_goal_or_a_measurement_nothing_is_met_or_missed(figures) -> None:
    assert figures.Figure(name="seconds", value=0.2, unit="s").met is None
    assert figures.Figure(name="seconds", value=figures.NOT_RUN, unit="s", goal=0.2).met is None


@pytest.mark.parametrize(("value", "code"), [(0.1, 0), ("not run", 0), (0.3, 1)])
def test_one_object_on_stdout_and_the_code_says_whether_a_goal_is_missed(figures, capsys, value, code) -> None:
    measured = [figures.Figure(name="seconds", value=value, unit="s", goal=0.2)]
    assert figures.answer(measured, as_json=True, told={"seeds": (1, 2)}) == code
    told = json.loads(capsys.readouterr().out)
    met = {0.1: True, "not run": None, 0.3: False}[value]
    assert told["figures"] == [{"name": "seconds", "value": value, "unit": "s", "goal": 0.2, "met": met}]
    assert told["machine"]["seeds"] == [1, 2]
    assert told["machine"]["cores"] >= 1


def test_a_reader_gets_a_line_for_each(figures, capsys) -> None:
    rows = [figures.Figure(name=name, value=1.0, unit="s", goal=2.0) for name in ("short", "much_longer")]
    assert figures.answer(rows, as_json=False) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["short", "much_longer"]
    assert len({line.index("goal") for line in lines}) == 1


def test_progress_leaves_stdout_alone(figures, capsys) -> None:
    figures.say("grid step")
    assert capsys.readouterr() == ("", "grid step\n")
