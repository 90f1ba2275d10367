"""What is kept of a job is read back as it was."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from battuta.app.kept_jobs import KeptJobs, job_json, job_of, job_text, keep_job, keep_text, kept_jobs
from battuta.domain.errors import StorageError
from battuta.domain.job import Job, JobFailure, JobState

JOB = Job(job_id="a1", kind="life_study", title="Prüfung", submitted_ns=1_800_000_000_000_000_000)
RUNNING = replace(JOB, state=JobState.RUNNING, attempt=2, began_ns=7, heard_ns=8, progress="living", cancel_asked_ns=9)
FAILED = replace(RUNNING, state=JobState.FAILED, ended_ns=9, failure=JobFailure(code="E200", words="no", exit_code=4))


@pytest.mark.parametrize("job", [JOB, RUNNING, FAILED])
def test_a_job_is_read_back_as_it_was(job, tmp_path):
    assert job_of(job_text(job)) == job
    (tmp_path / "a1").mkdir()
    keep_job(tmp_path, job)
    (tmp_path / ".new-1").mkdir()
    (tmp_path / ".new-1" / "job.json").write_text("half")
    assert kept_jobs(tmp_path) == KeptJobs(jobs=(job,), damaged={})
    assert kept_jobs(tmp_path / "nowhere") == KeptJobs(jobs=(), damaged={})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        (json.dumps({"failure": None}), "'job_id' is missing"),
        (job_text(JOB).replace("queued", "dreaming"), "dreaming"),
        (job_text(JOB).replace('"began_ns": null', '"began_ns": "now"'), "'now' is no time"),
        (job_text(JOB).replace("queued", "running"), "never begun"),
        (job_text(JOB).replace("1800000000000000000", "1e400"), "inf is no time"),
        (job_text(JOB).replace("1800000000000000000", "9" * 30), "cannot be read"),
        (job_text(JOB).replace('"attempt": 0', '"attempt": 1e400'), "cannot be read"),
        (job_text(JOB).replace('"a1"', '"../a1"'), r"that of job '\.\./a1', in a folder of another name"),
    ],
)
def test_what_is_no_job_is_named_with_its_file(text, words, tmp_path):
    (tmp_path / "a1").mkdir()
    (tmp_path / "a1" / "job.json").write_text(text)
    other = replace(JOB, job_id="b2")
    (tmp_path / "b2").mkdir()
    keep_job(tmp_path, other)
    found = kept_jobs(tmp_path)
    assert found.jobs == (other,), "one that is damaged hides no other"
    assert re.search(words, found.damaged["a1"])
    assert f"remove {tmp_path / 'a1'} and submit its question again" in found.damaged["a1"]


def test_a_disk_that_does_not_take_a_job_is_named(tmp_path):
    with pytest.raises(StorageError, match=r"job\.json cannot be written: No such file or directory; free space"):
        keep_text(tmp_path / "no" / "job.json", "{}")


def test_others_are_told_times_as_text_and_nothing_that_does_not_apply(tmp_path):
    told = job_json(JOB, tmp_path)
    assert told["submitted"] == "2027-01-15T08:00:00+00:00"
    assert set(told) == {"id", "kind", "title", "state", "attempt", "submitted", "folder"}
    assert job_json(FAILED, tmp_path)["error"] == {"code": "E200", "message": "no"}
    (tmp_path / "a1").mkdir()
    (tmp_path / "a1" / "result.json").write_text("{}")
    assert "result" not in job_json(FAILED, tmp_path)
    done = replace(RUNNING, state=JobState.DONE, ended_ns=9)
    assert Path(str(job_json(done, tmp_path)["result"])) == tmp_path / "a1" / "result.json"
