"""Jobs event by event: what is kept, started and stopped."""

import pytest

from battuta.domain.errors import InvalidQuantityError, UsageError
from battuta.domain.job import JobFailure, JobState
from battuta.services.jobs import (
    NS_PER_S,
    SILENCE_S,
    STOP_S,
    Began,
    CancelAsked,
    Finished,
    JobBook,
    Keep,
    Opened,
    Progressed,
    StartWorker,
    Stopped,
    StopWorker,
    Submitted,
    step,
)


def submitted(name, *, has_answer=False):
    return Submitted(job_id=name, kind="life_study", title=f"study {name}", has_answer=has_answer)


def after(*events, at_once=1):
    """Book and last effects after events that come a second after one another."""
    book, effects = JobBook(jobs={}, at_once=at_once), ()
    for second, event in enumerate(events):
        book, effects = step(book, event, second * NS_PER_S)
    return book, effects


def states(book):
    return {name: each.state.value for name, each in book.jobs.items()}


def test_a_question_is_begun_at_once_and_the_next_waits_for_it():
    book, effects = after(submitted("a"))
    assert effects == (Keep(job=book.jobs["a"]), StartWorker(job_id="a", attempt=1))
    book, effects = after(submitted("a"), submitted("b"), submitted("c"))
    assert states(book) == {"a": "running", "b": "queued", "c": "queued"}
    assert [type(each) for each in effects] == [Keep]
    book, effects = after(submitted("b"), submitted("a"), submitted("c"), Finished(job_id="b", attempt=1))
    assert states(book) == {"b": "done", "a": "running", "c": "queued"}
    assert effects[-1] == StartWorker(job_id="a", attempt=1)
    assert states(after(submitted("a"), submitted("b"), submitted("c"), at_once=2)[0])["b"] == "running"


def test_the_same_question_is_the_same_job_as_long_as_it_has_an_answer():
    assert after(submitted("a"), submitted("a"))[1] == ()
    done = (submitted("a"), Finished(job_id="a", attempt=1))
    assert after(*done, submitted("a", has_answer=True))[1] == ()
    book, effects = after(*done, submitted("a", has_answer=False))
    assert effects[-1] == StartWorker(job_id="a", attempt=2)
    assert book.jobs["a"].ended_ns is None


def test_a_failure_is_kept_and_may_be_asked_again():
    failure = JobFailure(code="E200", words="no climate", exit_code=4)
    book, _ = after(submitted("a"), Finished(job_id="a", attempt=1, failure=failure))
    assert (book.jobs["a"].state, book.jobs["a"].failure) == (JobState.FAILED, failure)
    book, _ = step(book, submitted("a"), 9 * NS_PER_S)
    assert (book.jobs["a"].state, book.jobs["a"].failure) == (JobState.RUNNING, None)


def test_what_is_cancelled_in_the_queue_never_begins():
    book, effects = after(submitted("a"), submitted("b"), CancelAsked(job_id="b"))
    assert states(book) == {"a": "running", "b": "cancelled"}
    assert [type(each) for each in effects] == [Keep]
    assert after(submitted("a"), submitted("b"), CancelAsked(job_id="b"), CancelAsked(job_id="b"))[1] == ()


def test_a_worker_is_asked_to_stop_and_then_made_to():
    asked = (submitted("a"), submitted("b"), CancelAsked(job_id="a"))
    book, effects = after(*asked)
    assert effects[0] == StopWorker(job_id="a", attempt=1, is_hard=False)
    assert states(book) == {"a": "running", "b": "queued"}
    assert states(after(*asked, Stopped(job_id="a", attempt=1))[0]) == {"a": "cancelled", "b": "running"}
    assert states(after(*asked, Opened(alive=frozenset()))[0]) == {"a": "cancelled", "b": "running"}
    assert states(after(*asked, Finished(job_id="a", attempt=1))[0])["a"] == "done"
    assert step(book, Opened(alive=frozenset("a")), 9 * NS_PER_S)[1] == ()
    late, effects = step(book, Opened(alive=frozenset("a")), round((3.0 + STOP_S) * NS_PER_S))
    assert effects[0] == StopWorker(job_id="a", attempt=1, is_hard=True)
    assert states(late) == {"a": "cancelled", "b": "running"}


def test_a_worker_that_is_gone_or_silent_is_given_up_and_its_last_words_count_no_more():
    book, _ = after(submitted("a"))
    gone, _ = step(book, Opened(alive=frozenset()), NS_PER_S)
    assert gone.jobs["a"].state is JobState.LOST
    assert "killed" in gone.jobs["a"].failure.words
    assert step(gone, Finished(job_id="a", attempt=1), 2 * NS_PER_S)[1] == ()
    heard = Progressed(job_id="a", attempt=1, heard_ns=30 * NS_PER_S, words="living")
    book, _ = step(book, heard, 31 * NS_PER_S)
    assert step(book, Opened(alive=frozenset("a")), round((30.0 + SILENCE_S) * NS_PER_S))[1] == ()
    silent, effects = step(book, Opened(alive=frozenset("a")), round((30.1 + SILENCE_S) * NS_PER_S))
    assert effects[0] == StopWorker(job_id="a", attempt=1, is_hard=True)
    assert "not heard" in silent.jobs["a"].failure.words
    again, _ = step(silent, submitted("a"), 200 * NS_PER_S)
    assert again.jobs["a"].attempt == 2
    assert step(again, Finished(job_id="a", attempt=1), 201 * NS_PER_S)[1] == ()


def test_progress_is_kept_and_never_goes_back():
    book, _ = after(submitted("a"), Began(job_id="a", attempt=1))
    book, _ = step(book, Progressed(job_id="a", attempt=1, heard_ns=5 * NS_PER_S, words="living"), 6 * NS_PER_S)
    book, _ = step(book, Progressed(job_id="a", attempt=1, heard_ns=2 * NS_PER_S), 7 * NS_PER_S)
    assert (book.jobs["a"].heard_ns, book.jobs["a"].progress) == (5 * NS_PER_S, "living")


def test_a_worker_that_was_stopped_by_somebody_else_says_so():
    book, _ = after(submitted("a"), Stopped(job_id="a", attempt=1))
    assert book.jobs["a"].state is JobState.CANCELLED
    assert "not by battuta" in book.jobs["a"].failure.words


def test_a_queue_that_a_crash_left_goes_on_when_somebody_looks():
    book, _ = after(submitted("a"), submitted("b"))
    lost, effects = step(JobBook.of(tuple(book.jobs.values())), Opened(alive=frozenset()), 5 * NS_PER_S)
    assert states(lost) == {"a": "lost", "b": "running"}
    assert effects[-1] == StartWorker(job_id="b", attempt=1)


def test_what_is_not_there_is_named():
    with pytest.raises(UsageError, match="no job 'x'"):
        step(JobBook(jobs={}), CancelAsked(job_id="x"), 0)
    with pytest.raises(InvalidQuantityError, match="at_once"):
        JobBook(jobs={}, at_once=0)
