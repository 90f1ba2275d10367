"""A job says where it stands, and nothing that contradicts it."""

from dataclasses import replace

import pytest

from battuta.domain.errors import DataError
from battuta.domain.job import Job, JobFailure, JobState

QUEUED = Job(job_id="a1", kind="life_study", title="a study", submitted_ns=5)
RUNNING = replace(QUEUED, state=JobState.RUNNING, attempt=1, began_ns=6, heard_ns=6)


def test_a_job_is_live_until_it_has_an_end():
    assert QUEUED.is_live
    assert RUNNING.is_live
    for state in (JobState.DONE, JobState.CANCELLED, JobState.LOST):
        assert not replace(RUNNING, state=state, ended_ns=7).is_live


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"state": JobState.RUNNING}, "runs and was never begun"),
        ({"state": JobState.DONE, "ended_ns": 7}, "done and was never begun"),
        ({"ended_ns": 7}, "goes on and has an end"),
        ({"state": JobState.CANCELLED}, "goes on and has an end"),
        ({"state": JobState.FAILED, "ended_ns": 7}, "does not say why"),
    ],
)
def test_what_no_job_can_be_is_refused(changed, words):
    with pytest.raises(DataError, match=words):
        replace(QUEUED, **changed)


def test_an_answer_has_no_failure():
    failure = JobFailure(code="E200", words="no")
    with pytest.raises(DataError, match="says why not"):
        replace(RUNNING, state=JobState.DONE, ended_ns=7, failure=failure)
