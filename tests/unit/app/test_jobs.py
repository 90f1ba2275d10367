"""Jobs with real processes: answered, killed, cancelled, asked twice, refused."""

import json
import os
import re
import resource
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from battuta.app.folder_lock import holder
from battuta.app.job_worker_process import WORKER_LOCK
from battuta.app.jobs import AT_ONCE, REPORT, RESULT, Jobs, require_done
from battuta.domain.errors import BattutaError, InvalidQuantityError, JobError, StorageError, UsageError
from battuta.domain.job import JobState
from unit.app.job_case import quick_study, until


@pytest.fixture
def jobs(tmp_path):
    """Jobs whose workers are gone when the test is over."""
    found = Jobs(tmp_path / "jobs")
    yield found
    for each in found.all():
        found.cancel(each.job_id)


def killed(jobs, job_id):
    """Kill the worker of a job in the middle of it."""
    lock = jobs.file_of(job_id, WORKER_LOCK)
    until(lambda: jobs.job(job_id).progress != "")
    os.kill(holder(lock), signal.SIGKILL)
    until(lambda: holder(lock) is None)


def test_an_answer_is_that_of_the_command_whatever_becomes_of_the_study(jobs, tmp_path, capsys):
    from battuta.interfaces.cli.main import app

    path = quick_study(tmp_path)
    app(["twin", str(path), "--threads", "1", "--json"], standalone_mode=False)
    told = capsys.readouterr().out
    job = jobs.submit(path, n_threads=1)
    path.write_text("no study any more")
    (tmp_path / "data" / "climate.csv").unlink()
    job = jobs.wait(job.job_id, until_s=100.0)
    require_done(job)
    seconds = re.compile(rb', "seconds": [0-9.e-]+')
    assert seconds.sub(b"", jobs.answered(job)) == seconds.sub(b"", told.encode())
    assert jobs.file_of(job.job_id, REPORT).read_bytes().startswith(b"%PDF")
    assert json.loads(jobs.answered(job))["seconds"] > 0.0


def test_one_question_is_one_job_and_its_answer_is_kept(jobs, tmp_path):
    path = quick_study(tmp_path)
    one = jobs.submit(path, n_threads=1)
    assert one.state is JobState.RUNNING
    path.write_text("# what a comment says is no question\n" + path.read_text())
    assert jobs.submit(path).job_id == one.job_id
    other = jobs.submit(path, seed=3, n_threads=1)
    assert (other.job_id != one.job_id, other.state) == (True, JobState.QUEUED)
    done = jobs.wait(one.job_id, until_s=100.0)
    answered = jobs.file_of(one.job_id, RESULT).stat().st_mtime_ns
    again = jobs.submit(path)
    assert (again.state, again.attempt, again.ended_ns) == (JobState.DONE, 1, done.ended_ns)
    assert jobs.file_of(one.job_id, RESULT).stat().st_mtime_ns == answered
    assert jobs.wait(other.job_id, until_s=100.0).state is JobState.DONE, "the next is begun by the one before"
    jobs.file_of(one.job_id, RESULT).unlink()
    assert jobs.submit(path, n_threads=1).attempt == 2


def test_a_question_that_many_ask_at_the_same_moment_is_begun_once(jobs, tmp_path):
    path = quick_study(tmp_path, lives=2000)
    with ThreadPoolExecutor(6) as people:
        found = list(people.map(lambda seed: jobs.submit(path, seed=seed, n_threads=1), [1, 2, 1, 2, 1, 2]))
    assert len({each.job_id for each in found}) == 2
    assert sorted(each.state.value for each in jobs.all()) == ["queued", "running"]
    assert sum(each.attempt for each in jobs.all()) == 1
    assert not list(jobs.folder.glob(".new-*"))


def test_a_killed_worker_is_lost_and_its_job_is_answered_when_asked_again(jobs, tmp_path):
    path = quick_study(tmp_path, lives=2000)
    job = jobs.submit(path, n_threads=1)
    killed(jobs, job.job_id)
    lost = jobs.job(job.job_id)
    assert lost.state is JobState.LOST
    with pytest.raises(JobError, match="killed, out of memory"):
        require_done(lost)
    again = jobs.submit(path, n_threads=1)
    assert (again.job_id, again.state, again.attempt) == (job.job_id, JobState.RUNNING, 2)
    assert jobs.wait(job.job_id, until_s=100.0).state is JobState.DONE


def test_a_job_is_cancelled_in_the_queue_and_at_work_and_says_so(jobs, tmp_path):
    path = quick_study(tmp_path, lives=2000)
    running, queued = jobs.submit(path, n_threads=1), jobs.submit(path, seed=9, n_threads=1)
    assert jobs.cancel(queued.job_id).state is JobState.CANCELLED
    until(lambda: jobs.job(running.job_id).progress != "")
    jobs.cancel(running.job_id)
    job = jobs.wait(running.job_id, until_s=60.0)
    assert (job.state, job.failure) == (JobState.CANCELLED, None)
    until(lambda: holder(jobs.file_of(job.job_id, WORKER_LOCK)) is None)
    assert not jobs.file_of(job.job_id, RESULT).exists()
    with pytest.raises(JobError, match="is cancelled") as found:
        require_done(job)
    assert found.value.exit_code == 130


def test_a_bad_study_is_refused_and_leaves_no_job(jobs, tmp_path):
    path = quick_study(tmp_path)
    (tmp_path / "data" / "climate.csv").write_text("t_hours,T_degC\n0,1\n")
    with pytest.raises(BattutaError, match=r"climate\.csv"):
        jobs.submit(path)
    good = quick_study(tmp_path).read_text()
    for now, then, words in (
        ("lives = 4", "lives = -4", "n_lives = -4"),
        ('cell = "lfp_314ah"', 'cell = "lfp_9ah"', "lfp_9ah"),
        ("naumann_lfp =", "nobody_lfp =", "nobody_lfp"),
    ):
        path.write_text(good.replace(now, then))
        with pytest.raises(BattutaError, match=words):
            jobs.submit(path)
    path.write_text(good)
    with pytest.raises(BattutaError, match="n_lives = 0"):
        jobs.submit(path, n_lives=0)
    assert jobs.all() == ()
    assert not jobs.folder.exists()


def test_a_study_whose_copy_was_edited_fails_and_says_so(jobs, tmp_path):
    first = jobs.submit(quick_study(tmp_path, lives=2000), n_threads=1)
    job = jobs.submit(quick_study(tmp_path), n_threads=1)
    copy = jobs.file_of(job.job_id, "question/study.toml")
    copy.write_text(copy.read_text().replace("soc = 0.5", "soc = 0.9"))
    jobs.cancel(first.job_id)
    job = jobs.wait(job.job_id, until_s=60.0)
    assert job.state is JobState.FAILED
    with pytest.raises(JobError, match="not what it was when the job was submitted") as found:
        require_done(job)
    assert found.value.exit_code == 4


def test_a_full_disk_is_named_and_leaves_no_job(jobs, tmp_path):
    path = quick_study(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(StorageError, match="File too large; free space, or name another folder with --jobs-dir"):
            jobs.submit(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(jobs.folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="Not a directory; free space, or name another folder with --jobs-dir"):
        Jobs(tmp_path / "file" / "jobs").submit(quick_study(tmp_path))


def test_an_unknown_id_is_answered_with_near_ones(jobs, tmp_path):
    with pytest.raises(UsageError, match="near: none"):
        jobs.job("abc")
    job = jobs.submit(quick_study(tmp_path), n_threads=1)
    assert jobs.job(job.job_id[:5]).job_id == job.job_id
    typed = job.job_id[:-1] + ("0" if job.job_id[-1] != "0" else "1")
    with pytest.raises(UsageError, match=f"no job '{typed}' in .*near: {job.job_id}"):
        jobs.job(typed)


def test_how_many_run_at_once_is_said_by_the_environment(monkeypatch, tmp_path):
    assert Jobs(tmp_path).at_once == 1
    monkeypatch.setenv(AT_ONCE, "3")
    assert Jobs(tmp_path).at_once == 3
    monkeypatch.setenv(AT_ONCE, "many")
    with pytest.raises(UsageError, match="'many' is no number"):
        Jobs(tmp_path)
    with pytest.raises(InvalidQuantityError, match="at_once"):
        Jobs(tmp_path, at_once=0)
