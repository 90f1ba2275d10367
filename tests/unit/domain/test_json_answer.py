"""An answer in JSON is read as documented or refused with what is wrong in it."""

import numpy as np
import pytest

from battuta.domain.errors import SourceUnavailableError
from battuta.domain.json_answer import JsonAnswer, reason_in


def test_numbers_and_times_are_read():
    answer = JsonAnswer.read("service", b'{"at": [0, 60], "price": {"eur": [1, null]}}')
    answer.require(("at", "price"))
    assert answer.times_ns(answer.fields["at"], "at").tolist() == [0, 60 * 10**9]
    np.testing.assert_array_equal(answer.numbers(answer.within("price")["eur"], "eur", 10.0), [1.0, np.nan])


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"  <html>", "a web page instead of JSON"),
        (b'{"a": ', r"cut off or damaged \(6 bytes\)"),
        (b"[" * 100_000, "cut off or damaged"),
        (b"[1]", "not an object"),
        (b'{"a": NaN}', "NaN is no number of JSON"),
    ],
)
def test_what_is_no_object_is_refused(body, what):
    with pytest.raises(SourceUnavailableError, match=f"^service did not answer in its documented format: .*{what}"):
        JsonAnswer.read("service", body)


def test_what_is_not_as_documented_is_refused():
    answer = JsonAnswer.read("service", b'{"at": ["now"], "price": [true, 11], "unit": 5}')
    with pytest.raises(SourceUnavailableError, match="it lacks zone"):
        answer.require(("at", "zone"))
    with pytest.raises(SourceUnavailableError, match="unit is not an object"):
        answer.within("unit")
    with pytest.raises(SourceUnavailableError, match="'now' is no time in unix seconds"):
        answer.times_ns(answer.fields["at"], "at")
    with pytest.raises(SourceUnavailableError, match="True is no value of price"):
        answer.numbers(answer.fields["price"], "price", 10.0)
    with pytest.raises(SourceUnavailableError, match="11 is no value of price"):
        answer.numbers([11], "price", 11.0)
    with pytest.raises(SourceUnavailableError, match="unit is not a list"):
        answer.numbers(answer.fields["unit"], "unit", 10.0)


def test_a_reason_is_found_where_there_is_one():
    assert reason_in(b'{"reason": "no  such\\n day"}', "reason") == "no such day"
    assert [reason_in(body, "reason") for body in (b"{", b"[]", b'{"reason": 5}', b"{}")] == [""] * 4
