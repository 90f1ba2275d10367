"""Options that name several things at once, or nothing, are taken apart and refused."""

from pathlib import Path

import pytest
import typer

from battuta.domain.errors import UsageError
from battuta.interfaces.cli.forecast_options import named_files, named_folder


def test_a_zone_is_named_once():
    assert named_files(["ch=a.csv", "at=b=c.csv"]) == {"ch": Path("a.csv"), "at": Path("b=c.csv")}
    with pytest.raises(UsageError, match=r"--neighbour ch is given twice, as a\.csv and as b\.csv"):
        named_files(["ch=a.csv", "ch=b.csv"])
    with pytest.raises(UsageError, match="is not NAME=FILE"):
        named_files(["ch"])


def test_no_name_is_not_the_folder_one_stands_in():
    assert named_folder(".") == Path()
    with pytest.raises(typer.BadParameter, match="it is empty"):
        named_folder(" ")
