"""Modules are named after what they know, short, documented, typed, and have a test of the same name."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from tidy.source_tree import (
    BOUNDARY_ROOMS,
    ROOT,
    Module,
    expect_none,
    functions,
    modules,
    parameters,
    public_definitions,
    type_of_function,
    violations,
)

VAGUE = {"common", "helper", "helpers", "manager", "managers", "misc", "tool", "tools", "util", "utils"}
MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 77
LINES_WITHOUT_TEST_MAX = 30


def vague_names(module: Module) -> Iterator[str]:
    for part in PurePosixPath(module.path).with_suffix("").parts:
        if VAGUE.intersection(part.lower().split("_")):
            yield module.at(module.tree, f"'{part}' does not say what it knows")


def long_pieces(module: Module) -> Iterator[str]:
    lines = module.text.count("\n")
    if lines > MODULE_LINES_MAX:
        yield module.at(module.tree, f"{lines} lines, at most {MODULE_LINES_MAX}: this is more than one idea")
    for function in functions(module.tree):
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > FUNCTION_LINES_MAX:
            yield module.at(function, f"{function.name} has {lines} lines, at most {FUNCTION_LINES_MAX}")


def undocumented(module: Module) -> Iterator[str]:
    if not ast.get_docstring(module.tree):
        yield module.at(module.tree, "the module has no docstring")
    for node in public_definitions(module.tree):
        overload = any("overload" in ast.unparse(each) for each in node.decorator_list)
        if not ast.get_docstring(node) and not overload:
            yield module.at(node, f"{node.name} has no docstring")
        if isinstance(node, type_of_function):
            bare = [each.arg for each in parameters(node) if each.annotation is None]
            bare += ["return"] if node.returns is None else []
            if bare:
                yield module.at(node, f"{node.name} lacks annotations: {', '.join(bare)}")


def open_dictionaries(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) and len(node.slice.elts) == 2:
            kind = ast.unparse(node.value).split(".")[-1]
            value = ast.unparse(node.slice.elts[1]).split(".")[-1]
            if kind in {"dict", "Dict", "Mapping", "MutableMapping"} and value == "Any":
                yield module.at(node, f"{ast.unparse(node)} belongs at the boundary where it arrives")


def root_imports(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        whole = isinstance(node, ast.Import) and any(alias.name == "battuta" for alias in node.names)
        part = isinstance(node, ast.ImportFrom) and node.module == "battuta" and node.level == 0
        if whole or part:
            yield module.at(node, "a room imports the room it needs, never the root package")


def test_names_say_what_a_module_knows() -> None:
    expect_none(violations(vague_names))


def test_modules_and_functions_are_short() -> None:
    expect_none(violations(long_pieces))


def test_what_is_public_is_documented_and_typed() -> None:
    expect_none(violations(undocumented))


def test_open_dictionaries_stay_at_the_boundary() -> None:
    inner = tuple({module.room for module in modules()} - set(BOUNDARY_ROOMS))
    expect_none(violations(open_dictionaries, rooms=inner))


def test_no_room_imports_the_root_package() -> None:
    expect_none(violations(root_imports))


def test_every_module_has_a_test_of_the_same_name() -> None:
    missing = []
    for module in modules():
        if module.stem.startswith("__") or module.text.count("\n") <= LINES_WITHOUT_TEST_MAX:
            continue
        path = PurePosixPath(module.path)
        expected = f"tests/unit/{path.parent}/test_{path.stem.lstrip('_')}.py".replace("/./", "/")
        if not (ROOT / expected).is_file():
            missing.append(f"src/battuta/{module.path} has no {expected}")
    expect_none(missing)


@pytest.mark.parametrize(
    ("rule", "module"),
    [
        (vague_names, Module("domain/price_utils.py", "")),
        (vague_names, Module("common/prices.py", "")),
        (long_pieces, Module("domain/x.py", "x = 1\n" * 401)),
        (long_pieces, Module("domain/x.py", "def f():\n" + "    x = 1\n" * 77)),
        (undocumented, Module("domain/x.py", "x = 1")),
        (undocumented, Module("domain/x.py", '"""X."""\ndef f() -> None: ...')),
        (undocumented, Module("domain/x.py", '"""X."""\ndef f(a) -> None:\n    """F."""')),
        (undocumented, Module("domain/x.py", '"""X."""\ndef f(a: int):\n    """F."""')),
        (
            undocumented,
            Module("domain/x.py", '"""X."""\nclass C:\n    """C."""\n    def f(self) -> None: ...'),
        ),
        (open_dictionaries, Module("domain/x.py", "x: dict[str, Any]")),
        (open_dictionaries, Module("domain/x.py", "def f(x: typing.Mapping[str, typing.Any]) -> None: ...")),
        (root_imports, Module("domain/x.py", "import battuta as bt")),
        (root_imports, Module("domain/x.py", "from battuta import Site")),
    ],
)
def test_untidiness_is_seen(rule, module) -> None:
    assert len(list(rule(module))) == 1
