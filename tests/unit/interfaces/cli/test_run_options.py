"""Options of ``battuta run``: each has a help text, and those with a number refuse nonsense."""

import pytest
from typer.testing import CliRunner

from battuta.interfaces.cli import run_options
from battuta.interfaces.cli.main import app


def test_every_option_explains_itself() -> None:
    names = [name for name in vars(run_options) if name.endswith("Option")]
    assert len(names) >= 18
    for name in names:
        (option,) = getattr(run_options, name).__metadata__
        assert option.help.endswith("."), name
        assert str(option.default).startswith("--"), name


@pytest.mark.parametrize("words", [["--sites", "0"], ["--seed", "-1"], ["--demand-limit-kw", "-5"]])
def test_nonsense_is_a_usage_error(words) -> None:
    assert CliRunner().invoke(app, ["run", *words]).exit_code == 2
