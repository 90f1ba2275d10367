"""A result never takes the place of telemetry, nor is it read as some of it next time."""

import pytest

from battuta.domain.errors import UsageError
from battuta.interfaces.cli.health_results import refuse_among_telemetry


def test_a_result_beside_or_of_another_kind_is_fine(tmp_path) -> None:
    folder = tmp_path / "telemetry"
    folder.mkdir()
    refuse_among_telemetry(folder, tmp_path / "findings.csv", folder / "report.html", folder / "fleet.state", None)
    (tmp_path / "one.csv").touch()
    refuse_among_telemetry(tmp_path / "one.csv", tmp_path / "findings.csv")


@pytest.mark.parametrize("name", ["a.parquet", "deep/b.csv", "../telemetry/c.parquet"])
def test_a_table_among_telemetry_is_refused(tmp_path, name) -> None:
    folder = tmp_path / "telemetry"
    (folder / "deep").mkdir(parents=True)
    with pytest.raises(UsageError, match="would be read as telemetry next time; write it to another folder"):
        refuse_among_telemetry(folder, None, folder / name)
    (folder / name).touch()
    with pytest.raises(UsageError, match="would replace telemetry"):
        refuse_among_telemetry(folder, folder / name)
