"""A folder of jobs in a world where every process may be killed at any moment, and words may be told twice."""

import random

import pytest

from battuta.domain.job import JobFailure, JobState
from battuta.services.jobs import (
    NS_PER_S,
    SILENCE_S,
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

NAMES = tuple("abcdef")
ANSWERS = {JobState.DONE, JobState.FAILED}


class World:
    """Kept jobs, living workers, and who looks; `at_risk` of being killed between any two effects."""

    def __init__(self, seed, at_once):
        self.chance = random.Random(seed)
        self.at_once = at_once
        self.kept = {}
        self.workers = {}  # job -> [attempt, work left, is frozen, was told to stop]
        self.now_ns = NS_PER_S
        self.at_risk = 0.0

    def tell(self, event):
        """Read the jobs, take the event, do what follows: a crash leaves the rest undone."""
        book = JobBook.of(tuple(self.kept.values()), self.at_once)
        for each in step(book, event, self.now_ns)[1]:
            if self.chance.random() < self.at_risk:
                return False
            match each:
                case Keep():
                    self.kept[each.job.job_id] = each.job
                case StopWorker() if each.is_hard:
                    self.workers.pop(each.job_id, None)
                case StopWorker() if each.job_id in self.workers:
                    self.workers[each.job_id][3] = True
                case StartWorker():
                    assert each.job_id not in self.workers, "none runs twice at once"
                    self.workers[each.job_id] = [each.attempt, self.chance.randrange(1, 5), False, False]
                    assert len(self.workers) <= self.at_once
        return True

    def work(self):
        """Let a worker do a piece of work, or die, or freeze."""
        if not self.workers:
            return
        name = self.chance.choice(sorted(self.workers))
        attempt, left, frozen, told = self.workers[name]
        if self.chance.random() < self.at_risk:
            del self.workers[name]
            return
        if frozen or self.chance.random() < self.at_risk:
            self.workers[name][2] = True
            return
        if told:
            del self.workers[name]
            self.tell(Stopped(job_id=name, attempt=attempt))
        elif left:
            self.workers[name][1] -= 1
            self.tell(self.chance.choice([Began, self._progressed])(job_id=name, attempt=attempt))
        else:
            failure = JobFailure(code="E200", words="no") if self.chance.random() < 0.2 else None
            del self.workers[name]  # the last words are told by a process that then ends
            for _ in range(self.chance.randrange(1, 3)):
                self.tell(Finished(job_id=name, attempt=attempt, failure=failure))

    def look(self):
        self.tell(Opened(alive=frozenset(self.workers)))

    def ask(self):
        name = self.chance.choice(NAMES)
        if self.chance.random() < 0.3 and name in self.kept:
            self.tell(CancelAsked(job_id=name))
        else:
            has_answer = name in self.kept and self.kept[name].state is JobState.DONE
            self.tell(Submitted(job_id=name, kind="life_study", title=name, has_answer=has_answer))

    def _progressed(self, job_id, attempt):
        return Progressed(job_id=job_id, attempt=attempt, heard_ns=self.now_ns, words="living")


@pytest.mark.parametrize("at_once", [1, 2])
@pytest.mark.parametrize("seed", range(60))
def test_every_question_comes_to_an_end_and_none_is_answered_by_two(seed, at_once):
    world = World(seed, at_once)
    world.at_risk = 0.1
    for _ in range(150):
        world.now_ns += world.chance.randrange(1, 20) * NS_PER_S
        known = set(world.kept)
        world.chance.choice([world.ask, world.work, world.work, world.look])()
        assert known <= set(world.kept), f"seed {seed}: a job is gone"
    world.at_risk = 0.0
    for _ in range(400):
        world.now_ns += NS_PER_S
        world.chance.choice([world.work, world.look])()
    world.now_ns += round(2 * SILENCE_S * NS_PER_S)
    for _ in range(400):
        world.now_ns += round(SILENCE_S * NS_PER_S / 10)
        for name in sorted(world.workers):
            if not world.workers[name][2]:
                world.tell(Progressed(job_id=name, attempt=world.workers[name][0], heard_ns=world.now_ns))
        world.look()
        world.work()
    assert not world.workers, f"seed {seed}: {world.workers} still work"
    assert not any(each.is_live for each in world.kept.values()), f"seed {seed}: {world.kept}"
    for name in world.kept:  # what has no answer is asked again, and gets one
        world.tell(Submitted(job_id=name, kind="life_study", title=name, has_answer=True))
    for _ in range(400):
        world.work()
        world.look()
    assert {each.state for each in world.kept.values()} <= ANSWERS, f"seed {seed}: {world.kept}"
