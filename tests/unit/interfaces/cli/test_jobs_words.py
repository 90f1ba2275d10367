"""Jobs as they are told on a terminal."""

import json
from dataclasses import replace

import pytest

from battuta.app.jobs import Jobs
from battuta.domain.job import Job, JobFailure, JobState
from battuta.interfaces.cli.jobs_words import job_words, print_answer, print_job, print_jobs
from battuta.interfaces.reports.twin_json import twin_json
from unit.studies.life_case import small_result

QUEUED = Job(job_id="a1", kind="life_study", title="a study", submitted_ns=1_800_000_000_000_000_000)
RUNNING = replace(QUEUED, state=JobState.RUNNING, attempt=1, began_ns=6, heard_ns=6, progress="living 9 times")
FAILURE = JobFailure(code="E200", words=f"no climate {'x' * 100}\n- or so", exit_code=4)
FAILED = replace(RUNNING, state=JobState.FAILED, ended_ns=7, failure=FAILURE)


@pytest.mark.parametrize(
    ("job", "words"),
    [
        (QUEUED, "queued"),
        (RUNNING, "running, living 9 times"),
        (replace(RUNNING, cancel_asked_ns=7), "running, asked to stop"),
        (replace(RUNNING, state=JobState.DONE, ended_ns=7), "done"),
        (replace(FAILED, failure=JobFailure(code="E200", words="no")), "failed: error E200: no"),
    ],
)
def test_a_job_is_told_in_a_line(job, words):
    assert job_words(job) == words


def test_a_table_has_a_row_for_each_job(capsys, tmp_path):
    print_jobs([], tmp_path)
    print_jobs([QUEUED, FAILED], tmp_path)
    told = capsys.readouterr().out
    assert f"no jobs in {tmp_path}; submit one" in told
    assert "2027-01-15" in told
    assert "xxx..." in told
    assert "- or so" not in told


def test_a_failed_job_shows_all_of_its_error_and_where_its_log_is(capsys, tmp_path):
    print_job(FAILED, Jobs(tmp_path))
    told = capsys.readouterr().out
    assert "- or so" in told
    assert f"log: {tmp_path / 'a1' / 'worker.log'}" in told
    assert "heard" not in told


def test_an_answer_has_a_column_for_each_strategy(capsys):
    answer = twin_json(small_result())
    del answer["strategies"]["rest"]["warranty"]
    answer["strategies"]["rest"]["finance"]["irr"] = None
    print_answer(json.dumps(answer).encode())
    told = capsys.readouterr().out
    lines = {line[:30].strip(): line.split() for line in told.splitlines()}
    assert lines["warranty broken, any clause"][-1] == "-"
    assert lines["IRR of the equity, P50"][-1] == "-"
    assert "capacity left in year 5" in told
    assert "40 lives of 5 years" in told
