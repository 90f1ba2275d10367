"""Whatever comes in whatever order: no job is lost, none runs twice at once, each stands lawfully."""

from hypothesis import given, settings
from hypothesis import strategies as st

from battuta.domain.job import JobFailure, JobState
from battuta.services.jobs import (
    NS_PER_S,
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

NAMES = ("a", "b", "c")
FAILURE = JobFailure(code="E200", words="no", exit_code=4)
NAME = st.sampled_from(NAMES)
ATTEMPT = st.integers(min_value=1, max_value=4)
EVENT = st.one_of(
    st.builds(Submitted, job_id=NAME, kind=st.just("life_study"), title=NAME, has_answer=st.booleans()),
    st.builds(Began, job_id=NAME, attempt=ATTEMPT),
    st.builds(Progressed, job_id=NAME, attempt=ATTEMPT, heard_ns=st.integers(0, 10**12), words=st.text(max_size=3)),
    st.builds(Finished, job_id=NAME, attempt=ATTEMPT, failure=st.sampled_from([None, FAILURE])),
    st.builds(Stopped, job_id=NAME, attempt=ATTEMPT),
    st.builds(CancelAsked, job_id=NAME),
    st.builds(Opened, alive=st.frozensets(NAME)),
)
ENDS = {JobState.DONE, JobState.FAILED, JobState.CANCELLED, JobState.LOST}


@given(st.lists(st.tuples(EVENT, st.integers(-5, 120)), max_size=40), st.integers(1, 2))
@settings(deadline=None, max_examples=300)
def test_every_order_of_events_leaves_a_lawful_book(events, at_once):
    book, now_ns = JobBook(jobs={}, at_once=at_once), 10**12
    for event, seconds in events:
        now_ns += seconds * NS_PER_S  # a clock may be set back
        if not isinstance(event, Submitted | Opened) and event.job_id not in book.jobs:
            continue
        before = book.jobs
        book, effects = step(book, event, now_ns)
        assert set(before) <= set(book.jobs), "no job is gone"
        assert len(book.in_state(JobState.RUNNING)) <= at_once
        assert not (book.in_state(JobState.QUEUED) and len(book.in_state(JobState.RUNNING)) < at_once)
        started = [each for each in effects if isinstance(each, StartWorker)]
        for each in started:
            was = before.get(each.job_id)
            assert was is None or was.state is not JobState.RUNNING, "none is begun that runs"
            assert each.attempt == (0 if was is None else was.attempt) + 1
        kept = {each.job.job_id: each.job for each in effects if isinstance(each, Keep)}
        assert {**before, **kept} == dict(book.jobs), "all that changed is kept"
        kinds = [(StopWorker, Keep, StartWorker).index(type(each)) for each in effects]
        assert kinds == sorted(kinds)
        for name, job in book.jobs.items():
            assert job.attempt >= (before[name].attempt if name in before else 0)


@given(st.lists(EVENT, max_size=30))
@settings(deadline=None, max_examples=200)
def test_an_event_told_twice_is_told_once(events):
    book = JobBook(jobs={})
    for second, event in enumerate(events):
        if not isinstance(event, Submitted | Opened) and event.job_id not in book.jobs:
            continue
        book, _ = step(book, event, second * NS_PER_S)
        if isinstance(event, Submitted) or (isinstance(event, Opened) and book.in_state(JobState.RUNNING)):
            continue  # asked again is asked again; who looks again sees the worker that was begun by then
        again, effects = step(book, event, second * NS_PER_S)
        assert again == book
        assert [each for each in effects if not isinstance(each, StopWorker)] == []


@given(st.lists(EVENT, max_size=30))
@settings(deadline=None, max_examples=200)
def test_what_has_ended_ends_again_only_if_it_was_asked_again(events):
    book = JobBook(jobs={})
    for second, event in enumerate(events):
        if not isinstance(event, Submitted | Opened) and event.job_id not in book.jobs:
            continue
        before = book.jobs
        book, _ = step(book, event, second * NS_PER_S)
        for name, job in before.items():
            if job.state in ENDS and not (isinstance(event, Submitted) and event.job_id == name):
                assert book.jobs[name] == job
