"""Answers of public services kept on disk, each with where and when it was fetched and the hash of its bytes."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from battuta.domain.errors import DataError
from battuta.domain.time import require_aware


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a service answered.

    Attributes
    ----------
    address : str
        What was asked, without secrets.
    body : bytes
        The answer as it came, decompressed.
    content_type : str
        What the service called it.
    fetched_at : datetime
        When it came from the service, aware.
    from_cache : bool
        True when it was read from disk.
    """

    address: str
    body: bytes
    content_type: str
    fetched_at: datetime
    from_cache: bool = False

    @property
    def sha256(self) -> str:
        """Hash of the body."""
        return hashlib.sha256(self.body).hexdigest()


class AnswerCache:
    """A folder of answers, one file each: a line of JSON that describes it, then its bytes.

    Parameters
    ----------
    folder : Path
        Made when the first answer is written.
    """

    __slots__ = ("folder",)

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, address: str) -> Path:
        """Name the file of an address."""
        return self.folder / f"{hashlib.sha256(address.encode()).hexdigest()[:32]}.answer"

    def read(self, address: str) -> Answer | None:
        """Return the kept answer, or None where there is none.

        Raises
        ------
        DataError
            If the file is damaged.
        """
        path = self.path_of(address)
        try:
            head, _, body = path.read_bytes().partition(b"\n")
        except FileNotFoundError:
            return None
        try:
            described: dict[str, str] = json.loads(head)
            answer = Answer(
                address=described["address"],
                body=body,
                content_type=described["content_type"],
                fetched_at=require_aware(datetime.fromisoformat(described["fetched_at"]), "fetched_at"),
                from_cache=True,
            )
            intact = described["sha256"] == answer.sha256 and answer.address == address
        except (ValueError, KeyError, TypeError):
            answer, intact = None, False
        if not intact:
            message = f"the kept answer {path} is damaged; delete it and fetch again"
            raise DataError(message)
        return answer

    def write(self, answer: Answer) -> Path:
        """Keep an answer: complete or not at all."""
        head = {
            "address": answer.address,
            "content_type": answer.content_type,
            "fetched_at": answer.fetched_at.isoformat(),
            "sha256": answer.sha256,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.path_of(answer.address)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(json.dumps(head).encode() + b"\n" + answer.body)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return path
