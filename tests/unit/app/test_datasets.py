"""The app hands data sets through."""

import pytest

from battuta.adapters.datasets.fake import FakeArchive
from battuta.app import datasets
from battuta.domain.errors import UsageError


def test_what_there_is():
    assert [each.name for each in datasets.available()][:2] == ["epf", "epf-forecasts"]
    assert [each.name for each in datasets.find(["ddnn"])] == ["ddnn"]
    with pytest.raises(UsageError, match="is not known"):
        datasets.find(["x"])


def test_fetching_goes_to_the_folder_and_tells_progress(tmp_path):
    told = []
    contents = {"ddnn/DE.csv": b"a,b\n", "ddnn/lear_forecast.csv": b"c,d\n"}
    with FakeArchive(contents) as archive:
        fetched = datasets.fetch(["ddnn"], tmp_path, archive.base_url, told.append)
    assert {f"ddnn/{file.name}": file.path.read_bytes() for file in fetched} == contents
    assert {file.verdict for file in fetched} == {datasets.Verdict.FIRST_SEEN}
    assert [progress.name for progress in told] == ["DE.csv", "lear_forecast.csv"]
    assert (tmp_path / "ddnn" / "DE.csv").is_file()
