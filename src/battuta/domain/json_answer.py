"""What a service answered in JSON, held against its documentation: each deviation is named, nothing is guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn, cast

import numpy as np

from battuta.domain.errors import SourceUnavailableError
from battuta.domain.time import NS_PER_S
from battuta.numerics.arrays import FloatArray, IntArray

_UNIX_SECONDS_MAX = 2**40
_REASON_LETTERS_MAX = 200


@dataclass(frozen=True, slots=True)
class JsonAnswer:
    """The object of an answer.

    Attributes
    ----------
    source : str
        What errors call the service.
    fields : mapping of str to object
        What it said, still unread.

    Examples
    --------
    >>> answer = JsonAnswer.read("service", b'{"price": [1.5, null]}')
    >>> answer.numbers(answer.fields["price"], "price", 1e6)
    array([1.5, nan])
    """

    source: str
    fields: Mapping[str, object]

    @classmethod
    def read(cls, source: str, body: bytes) -> JsonAnswer:
        """Read the body of an answer.

        Raises
        ------
        SourceUnavailableError
            If it is no object of JSON.
        """
        blank = cls(source, {})
        if body.lstrip()[:1] == b"<":
            blank.refuse("a web page instead of JSON, as during maintenance; try again later")
        try:
            answer: object = json.loads(body, parse_constant=lambda name: blank.refuse(f"{name} is no number of JSON"))
        except SourceUnavailableError:
            raise
        except (ValueError, RecursionError):
            blank.refuse(f"the JSON is cut off or damaged ({len(body)} bytes)")
        if not isinstance(answer, dict):
            blank.refuse("the JSON is not an object")
        return cls(source, cast("Mapping[str, object]", answer))

    def refuse(self, what: str) -> NoReturn:
        """Say that the answer is not as documented.

        Raises
        ------
        SourceUnavailableError
            Always.
        """
        message = f"{self.source} did not answer in its documented format: {what}"
        raise SourceUnavailableError(message)

    def require(self, keys: tuple[str, ...]) -> None:
        """Refuse an answer that lacks any of some keys."""
        lacking = [key for key in keys if key not in self.fields]
        if lacking:
            self.refuse(f"it lacks {', '.join(lacking)}")

    def within(self, key: str) -> Mapping[str, object]:
        """Return the object under a key."""
        value = self.fields[key]
        if not isinstance(value, dict):
            self.refuse(f"{key} is not an object")
        return cast("Mapping[str, object]", value)

    def times_ns(self, values: object, name: str) -> IntArray:
        """Read a list of unix seconds.

        Parameters
        ----------
        values : object
            What the service said.
        name : str
            What errors call it.

        Returns
        -------
        ndarray, shape (n_times,)
            Instants. [ns]
        """
        if not isinstance(values, list):
            self.refuse(f"{name} is not a list")
        numbers = cast("list[object]", values)
        for value in numbers:
            if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _UNIX_SECONDS_MAX:
                self.refuse(f"{value!r:.40} is no time in unix seconds")
        return np.array(numbers, dtype=np.int64) * NS_PER_S

    def numbers(self, values: object, name: str, magnitude_max: float) -> FloatArray:
        """Read a list of numbers.

        Parameters
        ----------
        values : object
            What the service said.
        name : str
            What errors call it.
        magnitude_max : float
            What no magnitude reaches. [as named]

        Returns
        -------
        ndarray, shape (n_times,)
            Values, NaN where it said null. [as named]
        """
        if not isinstance(values, list):
            self.refuse(f"{name} is not a list")
        cells = cast("list[object]", values)
        return np.array([np.nan if cell is None else self.number(cell, name, magnitude_max) for cell in cells])

    def number(self, value: object, name: str, magnitude_max: float) -> float:
        """Read one number whose magnitude is below a limit. [as named]"""
        if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < magnitude_max:
            self.refuse(f"{value!r:.40} is no value of {name}")
        return float(value)


def reason_in(body: bytes, key: str) -> str:
    """Find the reason in the body of a refusal, on one line; empty where there is none.

    Examples
    --------
    >>> reason_in(b'{"detail": "no such zone"}', "detail"), reason_in(b"<html>", "detail")
    ('no such zone', '')
    """
    try:
        answer: object = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    said = cast("Mapping[str, object]", answer).get(key) if isinstance(answer, dict) else None
    return " ".join(said.split())[:_REASON_LETTERS_MAX] if isinstance(said, str) else ""
