"""The list of data sets is complete, pinned and points at no registry."""

import re

import pytest

from battuta.adapters.datasets.listing import available, named
from battuta.domain.errors import UsageError
from battuta.domain.time import Clock


def test_the_benchmark_is_there():
    epf = available()[0]
    assert epf.name == "epf"
    assert [file.name for file in epf.files] == ["NP.csv", "FR.csv", "DE.csv", "BE.csv", "PJM.csv"]
    assert "10.5281/zenodo.4624804" in epf.citation


def test_every_set_says_where_from_on_what_terms_and_by_which_clock():
    for dataset in available():
        assert re.fullmatch(r"[a-z][a-z0-9-]*", dataset.name)
        assert dataset.homepage.startswith("https://")
        assert all((dataset.title, dataset.licence, dataset.citation, dataset.note, dataset.files))
        assert str(Clock.parse(dataset.clock)) == dataset.clock
        assert len({file.name for file in dataset.files}) == len(dataset.files)


def test_every_file_has_a_secure_address_that_cannot_change_unnoticed():
    for dataset in available():
        for file in dataset.files:
            assert re.fullmatch(r"[A-Za-z0-9_]+\.csv", file.name)
            assert re.match(
                r"https://(zenodo\.org/records/\d+/files/|raw\.githubusercontent\.com/[^/]+/[^/]+/[0-9a-f]{40}/)",
                file.url,
            )
            assert file.sha256 == "" or re.fullmatch(r"[0-9a-f]{64}", file.sha256)
            assert file.is_verified == bool(file.sha256)


def test_sets_are_found_by_name_once_each():
    assert [each.name for each in named(["ddnn", "epf", "ddnn"])] == ["ddnn", "epf"]
    assert named([]) == available()
    with pytest.raises(UsageError, match="data set 'epv', 'x' is not known; choose from epf, "):
        named(["epv", "epf", "x"])


def test_published_checksums_are_those_of_the_files(data_dir):
    import gzip
    import hashlib

    ours = {
        "epf/FR.csv": "epf_FR",
        "epf/DE.csv": "epf_DE",
        "epf-forecasts/Forecasts_FR_DNN_LEAR_ensembles.csv": "epf_forecasts_FR",
        "epf-forecasts/Forecasts_DE_DNN_LEAR_ensembles.csv": "epf_forecasts_DE",
    }
    published = {f"{each.name}/{file.name}": file.sha256 for each in available() for file in each.files if file.sha256}
    assert set(published) == set(ours)
    for name, stem in ours.items():
        with gzip.open(data_dir / "trading" / f"{stem}.csv.gz") as content:
            assert hashlib.sha256(content.read()).hexdigest() == published[name], name
