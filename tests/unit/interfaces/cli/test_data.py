"""``battuta data`` lists and fetches, in words and as one JSON object."""

import json
from contextlib import contextmanager

import pytest
from typer.testing import CliRunner

from battuta.adapters.datasets.fake import FakeArchive
from battuta.domain.errors import UsageError
from battuta.interfaces.cli import data

CONTENTS = {"ddnn/DE.csv": b"a,b\n", "ddnn/lear_forecast.csv": b"c,d\n"}


@pytest.fixture
def invoke():
    return lambda *arguments: CliRunner().invoke(data.app, [str(each) for each in arguments])


def test_it_lists(invoke):
    for arguments in ((), ("list",)):
        result = invoke(*arguments)
        assert result.exit_code == 0
        assert "entsoe-zones" in result.stdout
        assert "2 of 5" in result.stdout


def test_it_lists_one_as_json(invoke):
    (dataset,) = json.loads(invoke("list", "epf", "--json").stdout)["datasets"]
    assert dataset["name"] == "epf"
    assert {"title", "homepage", "licence", "citation", "clock", "note", "files"} < set(dataset)
    assert dataset["files"][2]["sha256"].startswith("e421cf4e")


def test_it_fetches(invoke, tmp_path):
    with FakeArchive(CONTENTS) as archive:
        result = invoke("fetch", "ddnn", "--into", tmp_path, "--base-url", archive.base_url)
    assert result.exit_code == 0, result.output
    assert "first seen, unverified" in result.stdout
    assert "ddnn: licence none stated by the repository" in result.stderr
    assert (tmp_path / "ddnn" / "DE.csv").read_bytes() == b"a,b\n"


def test_it_fetches_as_json(invoke, tmp_path):
    with FakeArchive(CONTENTS) as archive:
        result = invoke("fetch", "ddnn", "--into", tmp_path, "--base-url", archive.base_url, "--json")
        again = invoke("fetch", "ddnn", "--into", tmp_path, "--base-url", archive.base_url, "--json")
    first, second = json.loads(result.stdout), json.loads(again.stdout)
    assert first["failed"] == 0
    assert set(first["files"][0]) == {"dataset", "name", "path", "verdict", "licence", "sha256", "bytes", "new"}
    assert [file["new"] for file in first["files"] + second["files"]] == [True, True, False, False]
    assert second["files"][0]["verdict"] == "as first seen"


def test_a_failure_ends_with_the_code_of_missing_data(invoke, tmp_path):
    with FakeArchive({"ddnn/DE.csv": b"a,b\n"}) as archive:
        arguments = ("fetch", "ddnn", "--into", tmp_path, "--base-url", archive.base_url)
        words, told = invoke(*arguments), invoke(*arguments, "--json")
    assert (words.exit_code, told.exit_code) == (4, 4)
    assert "ddnn/lear_forecast.csv failed: " in words.stderr
    answer = json.loads(told.stdout)
    assert answer["failed"] == 1
    assert "404 Not Found" in answer["files"][1]["problem"]
    assert "sha256" not in answer["files"][1]


def test_an_unknown_name_is_a_usage_error(invoke, tmp_path):
    for words in (("list", "x"), ("fetch", "x", "--into", tmp_path)):
        result = invoke(*words)
        assert isinstance(result.exception, UsageError)


def test_progress_is_shown_where_someone_looks(invoke, tmp_path, monkeypatch):
    shown, looks = [], []

    @contextmanager
    def bar():
        yield lambda name, done, total: shown.append((name, done, total))

    whole = data._progress
    monkeypatch.setattr(data.output, "progress_bar", bar)
    monkeypatch.setattr(data, "_progress", lambda *, is_shown: (looks.append(is_shown), whole(is_shown=True))[1])
    with FakeArchive(CONTENTS) as archive:
        invoke("fetch", "ddnn", "--into", tmp_path, "--base-url", archive.base_url)
    assert shown == [("DE.csv", 4, 4), ("lear_forecast.csv", 4, 4)]
    assert looks == [False]
