"""Pure rooms: typed in, typed out. No clock, no chance without a key, no file, no environment."""

import ast
import re
from collections.abc import Iterator

import pytest

from tidy.source_tree import PURE_ROOMS, Module, dotted, expect_none, violations

IMPORTS = {"glob", "pathlib", "secrets", "shutil", "signal", "subprocess", "sys", "tempfile"}
# The catalogue alone reads data files that ship inside the package.
PACKAGED_DATA = {"importlib.resources", "pkgutil"}
CATALOGUE = "domain/catalogue.py"

CALLS = re.compile(
    r"""(?: (?:^|\.)(?:datetime|date)\.(?:now|utcnow|today)         # the clock
          | (?:^|\.)time\.(?:time|time_ns|monotonic|monotonic_ns|perf_counter|perf_counter_ns|sleep)
          | (?:^|\.)(?:uuid1|uuid4|urandom|getrandbits)              # chance
          | (?:^|\.)random\.(?!default_rng$|Generator$|Philox$|PCG64$|SeedSequence$)[a-z]\w*
          | ^(?:open|input|print|exec|eval|__import__)               # files and streams
          | \.(?:read_text|read_bytes|write_text|write_bytes|iterdir|rglob|mkdir|unlink|touch|tofile)
          | (?:^|\.)(?:np|numpy)\.(?:load|loadtxt|genfromtxt|fromfile|memmap|savez?|savez_compressed|savetxt)
          | (?:^|\.)(?:getenv|environ(?:\.get)?)                     # the environment
        )$""",
    re.VERBOSE,
)
# How the catalogue reads those files, and nobody else may.
READS = re.compile(r"\.(?:read_text|iterdir)$")
SEEDED = re.compile(r"(?:^|\.)(?:default_rng|Philox|PCG64|SeedSequence|MT19937|SFC64)$")


def is_unseeded(call: ast.Call) -> bool:
    given = [*call.args, *(each.value for each in call.keywords)]
    return not given or all(isinstance(each, ast.Constant) and each.value is None for each in given)


def impurities(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            base = getattr(node, "module", None)
            names = [f"{base}.{alias.name}" if base else alias.name for alias in node.names]
            for name in names:
                if name.split(".")[0] in IMPORTS:
                    yield module.at(node, f"imports {name}")
                if (
                    any(name == each or name.startswith(f"{each}.") for each in PACKAGED_DATA)
                    and module.path != CATALOGUE
                ):
                    yield module.at(node, f"reads packaged data ({name}); only {CATALOGUE} may")
        elif isinstance(node, ast.Call):
            name = dotted(node.func)
            if SEEDED.search(name) and is_unseeded(node):
                yield module.at(node, f"{name}() without a key")
            elif CALLS.search(name) and not (module.path == CATALOGUE and READS.search(name)):
                yield module.at(node, f"calls {name}")
        elif isinstance(node, ast.Attribute) and dotted(node).endswith("os.environ"):
            yield module.at(node, "reads the environment")


def test_pure_rooms_are_pure() -> None:
    expect_none(violations(impurities, rooms=PURE_ROOMS))


@pytest.mark.parametrize(
    "text",
    [
        "now = datetime.now(UTC)",
        "now = datetime.datetime.utcnow()",
        "day = date.today()",
        "t = time.perf_counter()",
        "rng = np.random.default_rng()",
        "rng = default_rng(None)",
        "bits = Philox()",
        "x = np.random.normal(0.0, 1.0)",
        "name = uuid4()",
        "text = open('x').read()",
        "text = (folder / 'x').read_text()",
        "text = Path('x').read_text()",
        "home = os.environ['HOME']",
        "home = os.getenv('HOME')",
        "a = np.load('x.npy')",
        "print('here')",
        "from pathlib import Path",
        "import subprocess",
        "from importlib.resources import files",
        "from importlib import resources",
    ],
)
def test_an_impurity_is_seen(text: str) -> None:
    assert list(impurities(Module("domain/x.py", text)))


@pytest.mark.parametrize(
    "text",
    [
        "rng = np.random.default_rng(7)",
        "bits = Philox(key=key)",
        "start = datetime(2026, 1, 1, tzinfo=UTC)",
        "draw = rng.normal(0.0, 1.0)",
        "now = interval.start",
    ],
)
def test_purity_is_recognised(text: str) -> None:
    assert list(impurities(Module("domain/x.py", text))) == []


def test_the_catalogue_may_read_packaged_data() -> None:
    text = "from importlib.resources import files\ntext = (files('x') / 'y').read_text()\n"
    assert list(impurities(Module(CATALOGUE, text))) == []
    assert list(impurities(Module(CATALOGUE, "text = open('x')")))
