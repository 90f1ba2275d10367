"""The question of a job: a study file and copies of all that it names, so that later edits change no answer."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from battuta.adapters.files.study_file import tables_of
from battuta.app.kept_jobs import Json, keep_text
from battuta.domain.errors import DataError, StorageError

FILE = "question.json"
FOLDER = "question"
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyQuestion:
    """A study that is asked as a job.

    Attributes
    ----------
    study : str
        Its file, seen from the folder of the copies.
    copies : mapping of str to str
        Files that were copied, seen from there, with the hash of what they held.
    outside : mapping of str to str
        Files that the study names from the root of the disk: not copied, and the answer is refused when they change.
    n_lives, seed : int or None
        In place of those of the study.
    n_threads : int or None
        Pieces of work at once; no part of the question, as the answer does not depend on it.
    """

    study: str
    copies: Mapping[str, str]
    outside: Mapping[str, str]
    n_lives: int | None = None
    seed: int | None = None
    n_threads: int | None = None


def question_of(
    path: Path,
    into: Path,
    *,
    n_lives: int | None = None,
    seed: int | None = None,
    n_threads: int | None = None,
) -> StudyQuestion:
    """Copy a study with what it names.

    Parameters
    ----------
    path : Path
        Study file.
    into : Path
        Folder of the job, which exists; `FOLDER` and `FILE` are made in it.
    n_lives, seed, n_threads : int or None
        See `StudyQuestion`.

    Returns
    -------
    StudyQuestion
        What was copied.

    Raises
    ------
    DataError
        If a file cannot be read.
    StorageError
        If the disk does not take the copies.
    """
    study = Path(os.path.abspath(path))  # noqa: PTH100 - as it is written: what a link points at has other neighbours
    named = dict.fromkeys(named_files(study))
    near = [each for each in named if not each.is_absolute()]
    places = {each: Path(os.path.normpath(study.parent / each)) for each in near}
    base = Path(os.path.commonpath([study.parent, *(each.parent for each in places.values())]))
    copies = {study.relative_to(base).as_posix(): _copied(study, into / FOLDER / study.relative_to(base))}
    for each, place in places.items():
        seen = place.relative_to(base)
        copies[seen.as_posix()] = _copied(study.parent / each, into / FOLDER / seen)
    question = StudyQuestion(
        study=study.relative_to(base).as_posix(),
        copies=copies,
        outside={str(each): _hash(each) for each in named if each.is_absolute()},
        n_lives=n_lives,
        seed=seed,
        n_threads=n_threads,
    )
    keep_text(into / FILE, json.dumps(_json(question), indent=1))
    return question


def question_hash(question: StudyQuestion, folder: Path, answered_by: tuple[str, ...]) -> str:
    """Hash of a question: its study without comments, the data it names, and who answers it.

    Parameters
    ----------
    question : StudyQuestion
        The question.
    folder : Path
        Folder of the job, where its copies lie.
    answered_by : tuple of str
        Who answers: the kind of the question, the version of Battuta, what other packages bring in.

    Returns
    -------
    str
        Sixteen hexadecimal digits.
    """
    tables: Mapping[str, object] = tables_of(folder / FOLDER / question.study)
    head = tables.get("study")
    if isinstance(head, Mapping):
        given = {"lives": question.n_lives, "seed": question.seed}
        asked = {name: value for name, value in given.items() if value is not None}
        tables = {**tables, "study": {**cast("Mapping[str, object]", head), **asked}}
    data = {name: value for name, value in question.copies.items() if name != question.study}
    whole = [answered_by, tables, sorted(data.items()), sorted(question.outside.items())]
    return hashlib.sha256(json.dumps(whole, default=str).encode()).hexdigest()[:16]


def kept_question(folder: Path) -> StudyQuestion:
    """Read the question of a job, and hold the files against what was asked.

    Raises
    ------
    DataError
        If it cannot be read, or a file is not as it was.
    """
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        question = StudyQuestion(
            study=str(found["study"]),
            copies={str(name): str(value) for name, value in found["copies"].items()},
            outside={str(name): str(value) for name, value in found["outside"].items()},
            n_lives=found["lives"],
            seed=found["seed"],
            n_threads=found["threads"],
        )
    except (OSError, LookupError, TypeError, ValueError, AttributeError) as error:
        message = f"{folder / FILE} cannot be read ({error}); remove {folder} and submit the study again"
        raise DataError(message) from error
    require_unchanged(question, folder)
    return question


def require_unchanged(question: StudyQuestion, folder: Path) -> None:
    """Raise DataError where a file of a question is not what it was when it was asked."""
    places = {folder / FOLDER / name: value for name, value in question.copies.items()}
    places |= {Path(name): value for name, value in question.outside.items()}
    for place, value in places.items():
        if not place.is_file() or _hash(place) != value:
            message = f"{place} is not what it was when the job was submitted; submit the study again"
            raise DataError(message)


def named_files(study: Path) -> Generator[Path]:
    """Files that a study names, as it names them; also what a TOML file names that it names, and all of a folder.

    Any text in it that is the path of something that is there counts, its titles left out.
    """
    seen: set[Path] = set()
    todo = [Path(study.name)]
    while todo:
        toml = todo.pop()
        for text in _texts(tables_of(study.parent / toml)):
            named = toml.parent / text
            for each in _files(study.parent, named):
                if each not in seen and Path(os.path.normpath(study.parent / each)) != study:
                    seen.add(each)
                    todo += [each] if each.suffix.lower() == ".toml" else []
                    yield each


def _texts(value: object, key: str = "") -> Generator[str]:
    if isinstance(value, str):
        if key not in {"name", "kind"} and value.strip(". ") and "\0" not in value:
            yield value
    elif isinstance(value, Mapping):
        for name, each in cast("Mapping[str, object]", value).items():
            yield from _texts(each, name)
    elif isinstance(value, list):
        for each in cast("Iterable[object]", value):
            yield from _texts(each, key)


def _files(folder: Path, named: Path) -> list[Path]:
    place = folder / named
    try:
        if place.is_file():
            return [named]
        if place.is_dir() and not folder.resolve().is_relative_to(place.resolve()):
            return [named / each.relative_to(place) for each in sorted(place.rglob("*")) if each.is_file()]
    except OSError:  # too long for a path: it is a text
        pass
    return []


def _copied(source: Path, target: Path) -> str:
    try:
        file = source.open("rb")
    except OSError as error:
        raise _unreadable(source, error) from None
    with file:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as copy:
                shutil.copyfileobj(file, copy, _BLOCK_BYTES)
        except OSError as error:
            mend = "free space, or name another folder with --jobs-dir"
            raise StorageError(str(target), error.strerror or str(error), mend) from None
    return _hash(target)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                digest.update(block)
    except OSError as error:
        raise _unreadable(path, error) from None
    return digest.hexdigest()


def _unreadable(path: Path, error: OSError) -> DataError:
    return DataError(f"{path}, which the study names, cannot be read: {error.strerror or error}")


def _json(question: StudyQuestion) -> dict[str, Json]:
    return {
        "study": question.study,
        "copies": dict(question.copies),
        "outside": dict(question.outside),
        "lives": question.n_lives,
        "seed": question.seed,
        "threads": question.n_threads,
    }
