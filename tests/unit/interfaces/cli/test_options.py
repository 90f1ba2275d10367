"""What users state about a price file is handed on, and what was seen in it is said on stderr."""

from pathlib import Path

import pytest

from battuta.domain.errors import DataError, UsageError
from battuta.interfaces.cli.options import (
    price_request,
    read_and_report,
    refuse_alone,
    refuse_to_overwrite,
)

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


@pytest.fixture
def there(tmp_path):
    """A price file with two more names."""
    path = tmp_path / "prices.csv"
    path.write_text("time,price_per_mwh\n", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to(path)
    (tmp_path / "second.csv").hardlink_to(path)
    return path


@pytest.mark.parametrize("name", ["prices.csv", "../{folder}/prices.csv", "link.csv", "second.csv"])
def test_what_is_read_is_not_overwritten_by_whatever_name(name, there):
    out = there.parent / name.format(folder=there.parent.name)
    with pytest.raises(UsageError, match=r"would overwrite .*prices\.csv, which is read"):
        refuse_to_overwrite([None, there], out)
    with pytest.raises(UsageError, match=r"would overwrite .*prices\.csv, which is read"):
        refuse_to_overwrite([None, there], None, out)


def test_results_have_names_of_their_own(there, tmp_path):
    refuse_to_overwrite([there], tmp_path / "out.csv", tmp_path / "report.html", None)
    refuse_to_overwrite([there], None, tmp_path / "made" / "later" / "report.html")
    with pytest.raises(UsageError, match="would overwrite another result"):
        refuse_to_overwrite([there], tmp_path / "out.csv", tmp_path / "out.csv")


def test_what_cannot_be_written_is_found_before_anything_is_read(there, tmp_path):
    (tmp_path / "folder.csv").mkdir()
    for out, report in ((tmp_path / "folder.csv", None), (None, tmp_path)):
        with pytest.raises(DataError, match="it is a folder; name a file in it"):
            refuse_to_overwrite([there], out, report)
    with pytest.raises(DataError, match="is a file, not a folder"):
        refuse_to_overwrite([], None, there / "report.html")
    with pytest.raises(DataError, match="there is no folder"):
        refuse_to_overwrite([], tmp_path / "none" / "out.csv")
    with pytest.raises(UsageError, match=r"must end in \.csv or \.parquet"):
        refuse_to_overwrite([], tmp_path / "out.txt")
