"""What tidy tests look at: the modules as syntax trees, the files of the repository as git sees them."""

import ast
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "battuta"

CAPABILITIES = ("forecast", "trading", "health", "site", "fleet", "twin", "trust", "world")
PURE_ROOMS = ("numerics", "domain", "physics", *CAPABILITIES)
BOUNDARY_ROOMS = ("adapters", "app", "interfaces")

type_of_function = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Module:
    """One module: where it stands (relative to the package, posix) and what is written in it."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def room(self) -> str:
        return self.path.split("/")[0] if "/" in self.path else ""

    @property
    def stem(self) -> str:
        return Path(self.path).stem

    def at(self, node: ast.AST, words: str) -> str:
        return f"src/battuta/{self.path}:{getattr(node, 'lineno', 1)}: {words}"


Rule = Callable[[Module], Iterator[str]]


@cache
def modules() -> tuple[Module, ...]:
    found = sorted(PACKAGE.rglob("*.py"))
    return tuple(Module(path.relative_to(PACKAGE).as_posix(), path.read_text(encoding="utf-8")) for path in found)


def violations(rule: Rule, *, rooms: tuple[str, ...] | None = None) -> list[str]:
    """What a rule finds in the package, or in some of its rooms."""
    return [line for module in modules() if rooms is None or module.room in rooms for line in rule(module)]


def expect_none(found: list[str]) -> None:
    """Pass when nothing was found, else name all of it."""
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def tracked_files() -> list[Path]:
    """Files under version control."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, type_of_function):
            yield node


def public_definitions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Public classes, functions and methods, those of private classes and of functions left out."""
    todo: list[ast.Module | ast.ClassDef] = [tree]
    while todo:
        for node in todo.pop().body:
            if isinstance(node, (*type_of_function, ast.ClassDef)) and not node.name.startswith("_"):
                yield node
                if isinstance(node, ast.ClassDef):
                    todo.append(node)


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    a = function.args
    listed = [*a.posonlyargs, *a.args, *a.kwonlyargs, *filter(None, (a.vararg, a.kwarg))]
    return [each for each in listed if each.arg not in {"self", "cls"}]


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute, else an empty word."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else f".{node.attr}"
    return ""
