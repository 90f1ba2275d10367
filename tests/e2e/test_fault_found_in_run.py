"""``battuta run`` finds a joint that breaks within hours: order, derating, its cost, and a replay bit for bit."""

import json
import subprocess
import sys
from pathlib import Path

from battuta.app.kept_work_orders import kept_orders
from battuta.app.replay import replay

FAULT = "loose_contact,site=0,cell=17,size=0.002,start=170min"


def test_a_joint_that_steps_is_found_derated_priced_and_replayed(tmp_path) -> None:
    words = ["--sites", "1", "--seed", "5", "--duration", "310min", "--fault", FAULT, "--runs-dir", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "battuta", "run", "--json", *words],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [(each["string"], each["cell"], each["kind"], each["level"]) for each in told["findings"]] == [
        ("site-0", 17, "loose_contact", "act")
    ]
    (order,) = told["work_orders"]
    share = order["derating"]["power_share_max"]
    assert 0.35 < share < 0.55, "2 milliohm heat no more than the cell did before"
    assert order["cost"]["amount"] > 0.0
    assert order["cost"]["currency"] == told["currency"]
    assert [each["cause"].split()[0] for each in told["alarms"]] == ["DERATED"]
    folder = Path(told["run"])
    assert json.loads((folder / "work_orders.json").read_text())["work_orders"] == told["work_orders"]
    assert [each.order_id for each in kept_orders(folder)] == [order["id"]]
    assert replay(folder).is_proven
