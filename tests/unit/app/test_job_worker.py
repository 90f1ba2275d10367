"""What a worker tells, whatever happens to it; in this process, where it can be seen."""

import contextlib
import os
import signal

import pytest

from battuta.app.job_worker import work
from battuta.app.jobs import Jobs
from battuta.domain.errors import DataError
from battuta.domain.job import JobState
from unit.app.job_case import quick_study, until
from unit.studies.life_case import small_result


@pytest.fixture
def jobs(tmp_path, monkeypatch):
    """A job that is begun, whose worker is this process."""
    signals = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)}
    monkeypatch.setattr("battuta.app.jobs.start_worker", lambda *_: None)
    monkeypatch.setattr("battuta.app.jobs.holder", lambda _: os.getpid())
    found = Jobs(tmp_path / "jobs")
    found.submit(quick_study(tmp_path), n_threads=1)
    yield found
    for each, before in signals.items():
        signal.signal(each, before)


def worked(jobs, written):
    job = jobs.all()[0]
    work(jobs, job.job_id, job.attempt, written, lambda: 2.5)
    return jobs.job(job.job_id)


def test_an_answer_is_written_before_it_is_told(jobs):
    job = worked(jobs, lambda result, seconds: {"result.json": f"{result.study.n_lives} {seconds}".encode()})
    assert job.state is JobState.DONE
    assert jobs.answered(job) == b"4 2.5"


@pytest.fixture
def answered(monkeypatch):
    """An answer that was made before: what comes after it is looked at."""
    monkeypatch.setattr("battuta.app.job_worker.answer", lambda *_, **__: small_result())


@pytest.mark.usefixtures("answered")
def test_an_error_is_kept_with_its_code_and_its_exit_code(jobs):
    words = "too little"

    def refuse(result, seconds):
        raise DataError(words)

    job = worked(jobs, refuse)
    assert (job.state, job.failure.code, job.failure.exit_code) == (JobState.FAILED, "E200", 4)
    assert job.failure.words == "too little"


@pytest.mark.usefixtures("answered")
def test_a_fault_of_ours_is_told_and_goes_into_the_log(jobs):
    def break_down(result, seconds):
        raise KeyError("x")

    with pytest.raises(KeyError):
        worked(jobs, break_down)
    job = jobs.all()[0]
    assert (job.state, job.failure.code) == (JobState.FAILED, "E000")
    assert "KeyError: 'x'; this is a fault of Battuta" in job.failure.words


@pytest.mark.usefixtures("answered")
def test_a_worker_that_is_told_to_stop_says_so_and_leaves_no_answer(jobs):
    def be_stopped(result, seconds):
        os.kill(os.getpid(), signal.SIGTERM)
        return {"result.json": b"{}"}

    job = worked(jobs, be_stopped)
    assert (job.state, "not by battuta" in job.failure.words) == (JobState.CANCELLED, True)
    assert not jobs.file_of(job.job_id, "result.json").exists()


@pytest.mark.usefixtures("answered")
def test_an_end_that_was_swallowed_is_asked_for_again(jobs, monkeypatch):
    monkeypatch.setattr("battuta.app.job_worker._AGAIN_S", 0.05)

    def swallow(result, seconds):
        with contextlib.suppress(BaseException):
            os.kill(os.getpid(), signal.SIGTERM)
        until(lambda: False, timeout_s=10.0)

    assert worked(jobs, swallow).state is JobState.CANCELLED
