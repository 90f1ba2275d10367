"""Studies as jobs in a notebook."""

import pytest

import battuta as bt
from battuta.domain.errors import DataError, JobError
from unit.app.job_case import quick_study


def test_a_study_is_submitted_waited_for_and_read(tmp_path):
    path, folder = quick_study(tmp_path), tmp_path / "jobs"
    job = bt.submit_life_study(path, threads=1, jobs_dir=folder)
    assert job.state == "running"
    with pytest.raises(JobError, match="wait for it"):
        job.wait(timeout_s=0.0)
    answer = job.wait(timeout_s=100.0).answer()
    assert (answer["lives"], job.state, job.progress) == (4, "done", "writing the answer")
    assert job.report().read_bytes().startswith(b"%PDF")
    direct = bt.life_study(path, threads=1).lives
    assert job.lives().equals(direct)
    assert job.folder == folder / job.id
    assert repr(job) == f"StudyJob('{job.id}', '314 Ah cells under frequency regulation', done)"
    assert bt.submit_life_study(path, jobs_dir=folder).cancel().state == "done"
    (job.folder / "lives.parquet").unlink()
    with pytest.raises(DataError, match=r"lives\.parquet is not there; remove"):
        job.lives()


def test_a_job_that_was_cancelled_has_no_answer(tmp_path):
    job = bt.submit_life_study(quick_study(tmp_path, lives=2000), threads=1, jobs_dir=tmp_path / "jobs")
    with pytest.raises(JobError, match="is cancelled: submit it again"):
        job.cancel().wait(timeout_s=60.0)
    with pytest.raises(JobError):
        job.answer()
    with pytest.raises(JobError):
        job.report()
    with pytest.raises(JobError):
        job.lives()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: bt.submit_life_study(3), "bt.submit_life_study: study is of type int"),
        (lambda: bt.submit_life_study("a.toml", lives="7"), "lives is of type str"),
        (lambda: bt.submit_life_study("a.toml", jobs_dir=7), "jobs_dir is of type int"),
        (lambda: bt.submit_life_study("no.toml"), "does not exist"),
    ],
)
def test_what_is_wrong_is_named(call, words):
    with pytest.raises(bt.BattutaError, match=words):
        call()
