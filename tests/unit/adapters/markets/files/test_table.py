"""A file is told apart by content, and every way to be broken is a sentence."""

import gzip

import polars as pl
import pytest

from battuta.adapters.markets.files import table
from battuta.adapters.markets.files.table import open_table, require_columns
from battuta.domain.errors import DataError, UsageError


def test_columns_come_as_text_in_the_order_asked(write):
    opened = open_table(write(["time, load , price", "a,1,2", "b,,3"]))
    assert opened.header == ("time", "load", "price")
    assert opened.load(["price", "time"]).rows() == [("2", "a"), ("3", "b")]
    assert opened.load(["load", "time"]).rows() == [("1", "a"), (None, "b")]


def test_a_nameless_first_column_stays_and_later_ones_get_a_number(write):
    assert open_table(write([",Price,", "a,1,", "b,2,"])).header == ("", "Price", "#3")


def test_content_counts_not_the_name(write):
    path = write(gzip.compress(b"time,p\n1,2\n"), "prices.csv")
    assert open_table(path).load(["p"]).rows() == [("2",)]
    pl.DataFrame({"time": [1], "p": [2.5]}).write_parquet(path)
    assert open_table(path).load(["p"]).rows() == [(2.5,)]


def test_a_mark_of_utf8_is_no_part_of_the_header(write):
    assert open_table(write(b"\xef\xbb\xbftime,p\n1,2\n")).load(["time"]).rows() == [("1",)]


def test_blank_rows_at_the_end_are_nothing(write):
    opened = open_table(write(["time,p", "1,2", "", "3,4", "", ""]))
    assert opened.load(["time", "p"]).rows() == [("1", "2"), (None, None), ("3", "4")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"time,p,p\n1,2,3\n", "several columns named p"),
        (b"time,p\n1,2\n1,2,3\n", "row 3 has 3 cells"),
        (b'time,p\n1,2\n"1,2\n3,4\n', "row 3 opens a quotation mark"),
        (b"time\n1\n", "only one column"),
        (b"\xff,p\n1,2\n", "no UTF-8 text"),
    ],
)
def test_what_is_broken_is_named(write, content, said):
    path = write(content)
    with pytest.raises(DataError, match=said):
        open_table(path).load(["time", "p"])


def test_a_device_is_no_table():
    with pytest.raises(DataError, match="is a pipe or a device and no file"):
        open_table("/dev/null")


def test_too_much_is_refused_before_it_is_read(write, monkeypatch):
    monkeypatch.setattr(table, "SIZE_MAX_BYTES", 1_000)
    for content in (b"x" * 2_000, gzip.compress(b"time,p\n" * 1_000)):
        with pytest.raises(DataError, match="GiB; split it"):
            open_table(write(content))


def test_an_absent_column_is_named(write):
    opened = open_table(write(["time,p", "1,2"]))
    require_columns(opened, ["p"])
    with pytest.raises(UsageError, match="has no column 'q'; it has time, p"):
        require_columns(opened, ["q"])
