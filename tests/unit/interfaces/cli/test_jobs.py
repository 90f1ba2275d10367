"""``battuta jobs`` from the command line."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from battuta.app.folder_lock import holder
from battuta.app.jobs import Jobs
from battuta.app.kept_jobs import keep_job
from battuta.domain.errors import DataError, JobError, UsageError
from battuta.domain.job import Job, JobState
from battuta.interfaces.cli.main import app
from unit.app.job_case import quick_study, until


@pytest.fixture
def asked(tmp_path):
    """Ask the command line about the jobs of a folder; what still runs is cancelled at the end."""
    folder = tmp_path / "battuta-jobs"

    def ask(*words):
        return CliRunner().invoke(app, [*map(str, words), "--jobs-dir", str(folder)])

    yield ask
    jobs = Jobs(folder)
    for each in jobs.all():
        jobs.cancel(each.job_id)


def test_a_study_goes_on_without_the_terminal_and_is_waited_for(asked, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "150")
    assert "no jobs in" in asked("jobs").stdout
    found = asked("twin", quick_study(tmp_path), "--job", "--threads", 1)
    assert found.exit_code == 0, found.output
    job_id = found.stdout.strip()
    assert f"battuta jobs show {job_id}" in found.stderr
    shown = asked("jobs", "show", job_id)
    assert "314 Ah cells under frequency regulation: running" in shown.stdout
    waited = asked("jobs", "wait", job_id[:6])
    assert waited.exit_code == 0, waited.output
    assert "running, writing the answer\ndone\n" in waited.stderr
    assert "4 lives of 3 years, seed 1" in waited.stdout
    assert "IRR of the equity, P50" in waited.stdout
    assert "study.pdf" in waited.stdout
    assert "lives.parquet" in waited.stdout
    assert job_id in asked("jobs").stdout
    again = json.loads(asked("twin", tmp_path / "study.toml", "--job", "--json").stdout)
    assert (again["id"], again["state"], again["attempt"]) == (job_id, "done", 1)
    assert json.loads(asked("jobs", "--json").stdout)["jobs"] == [again]
    assert json.loads(asked("jobs", "show", job_id, "--json").stdout) == again
    assert json.loads(asked("jobs", "wait", job_id, "--json").stdout) == again
    assert json.loads(Path(again["result"]).read_bytes())["lives"] == 4


def test_a_job_is_cancelled_and_waiting_for_it_ends_as_if_interrupted(asked, tmp_path):
    job_id = asked("twin", quick_study(tmp_path, lives=2000), "--job", "--threads", 1).stdout.strip()
    cancelled = asked("jobs", "cancel", job_id)
    assert cancelled.stdout.startswith(f"{job_id} "), cancelled.output
    waited = asked("jobs", "wait", job_id)
    assert isinstance(waited.exception, JobError)
    assert waited.exception.exit_code == 130
    assert json.loads(asked("jobs", "cancel", job_id, "--json").stdout)["state"] == "cancelled"


def test_a_job_lives_on_when_its_terminal_is_closed(tmp_path):
    words = [sys.executable, "-m", "battuta", "twin", str(quick_study(tmp_path)), "--job", "--threads", "1"]
    shell = subprocess.Popen(
        words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    job_id = shell.communicate(timeout=60)[0].decode().strip()
    worker = tmp_path / "battuta-jobs" / job_id / "worker.lock"
    assert holder(worker)
    with pytest.raises(ProcessLookupError):
        os.killpg(shell.pid, signal.SIGHUP)  # nobody of the session of the terminal is left
    assert Jobs(tmp_path / "battuta-jobs").wait(job_id, until_s=100.0).state.value == "done"
    until(lambda: holder(worker) is None)


@pytest.mark.parametrize("given", [["--report", "a.pdf"], ["--out", "a.csv"], ["--wear-table", "a.json"]])
def test_files_that_a_job_does_not_write_are_refused(given, asked, tmp_path):
    found = asked("twin", tmp_path / "no.toml", "--job", *given)
    assert isinstance(found.exception, UsageError)
    assert f"--job with {given[0]}: a job keeps result.json, study.pdf and lives.parquet" in str(found.exception)


def test_an_unknown_job_is_named(asked, tmp_path):
    found = asked("jobs", "show", "abc")
    assert isinstance(found.exception, UsageError)
    assert "there is no job 'abc'" in str(found.exception)
    assert not (tmp_path / "battuta-jobs").exists(), "looking makes no folder"


def test_a_damaged_job_is_named_and_hides_no_other(asked, tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    job = Job(job_id="b2", kind="life_study", title="whole", submitted_ns=1, state=JobState.CANCELLED, ended_ns=2)
    for name in ("a1", "b2"):
        (tmp_path / "battuta-jobs" / name).mkdir(parents=True)
    keep_job(tmp_path / "battuta-jobs", job)
    (tmp_path / "battuta-jobs" / "a1" / "job.json").write_text("{")
    listed = asked("jobs")
    assert listed.exit_code == 0, listed.output
    assert "whole" in listed.stdout
    assert "not shown: " in listed.stderr
    assert f"remove {tmp_path / 'battuta-jobs' / 'a1'} and submit its question again" in listed.stderr
    assert "cancelled" in asked("jobs", "show", "b2").stdout
    shown = asked("jobs", "show", "a1")
    assert isinstance(shown.exception, DataError)
    assert "a job cannot be read" in str(shown.exception)
