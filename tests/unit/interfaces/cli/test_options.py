"""What users state about a price file is handed on, and what was seen in it is said on stderr."""

from pathlib import Path

import pytest

from battuta.domain.errors import UsageError
from battuta.interfaces.cli.options import price_request, read_and_report, refuse_alone

EXAMPLE = Path(__file__).parents[4] / "examples" / "synthetic_prices.csv"


def test_what_was_stated_is_handed_on():
    request = price_request(EXAMPLE, "epf", "local_24h", "Europe/Berlin", "EUR", "Price", ["gap"])
    assert (request.path, request.source, request.clock) == (EXAMPLE, "epf", "local_24h")
    assert (request.zone, request.currency, request.price_column) == ("Europe/Berlin", "EUR", "Price")
    assert request.allow == ("gap",)
    assert price_request(EXAMPLE, "canonical", None, None, None, None, None).allow == ()


def test_findings_are_said_beside_the_result(capsys):
    imported = read_and_report(price_request(EXAMPLE, "canonical", None, "Europe/Berlin", None, None, None))
    said = capsys.readouterr()
    assert said.out == ""
    lines = said.err.splitlines()
    assert all(
        any(finding.column in line and finding.message in line for line in lines) for finding in imported.findings
    )
    assert sum("no time of publication" in line for line in lines) == 1, "what is alike in three columns is said once"
    assert "[dst_day]" in said.err


def test_what_does_nothing_alone_is_refused():
    refuse_alone("--weather FILE", True, {"--known-at": "D-1 06:00"})
    refuse_alone("--weather FILE", False, {"--known-at": None, "--place": None})
    with pytest.raises(UsageError, match=r"^--place does nothing alone; give --weather FILE with it$"):
        refuse_alone("--weather FILE", False, {"--known-at": None, "--place": "Berlin"})
    with pytest.raises(UsageError, match=r"^--known-at, --place do nothing alone; give --weather FILE with them$"):
        refuse_alone("--weather FILE", False, {"--known-at": "D-1 06:00", "--place": "Berlin"})
