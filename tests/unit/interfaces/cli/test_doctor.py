"""The doctor tells what has to be mended from what can be left as it is, by words and by exit code."""

import pytest
import typer

from battuta.app import doctor as checks
from battuta.interfaces.cli import doctor


@pytest.mark.parametrize(("is_optional", "verdict"), [(True, "hint"), (False, "MEND")])
def test_what_can_be_left_is_a_hint_and_no_failure(capsys, monkeypatch, is_optional, verdict):
    amiss = checks.Check(name="moon", is_ok=False, found="new", mend="wait", is_optional=is_optional)
    monkeypatch.setattr(checks, "check_machine", lambda *, is_fixing: [amiss])
    if is_optional:
        doctor.run()
    else:
        with pytest.raises(typer.Exit):
            doctor.run()
    assert verdict in capsys.readouterr().out
