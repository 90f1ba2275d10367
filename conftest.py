"""Examples are tests: docstrings of ``src`` and Python blocks of the documentation run with the rest."""

from doctest import ELLIPSIS

from sybil import Sybil
from sybil.document import PythonDocStringDocument
from sybil.evaluators.doctest import NUMBER
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser
from sybil.parsers.rest import SkipParser as DocstringSkipParser
from sybil.sybil import SybilCollection

pytest_collect_file = SybilCollection(
    [
        Sybil(
            name="docstrings",
            path="src",
            patterns=["**/*.py"],
            parsers=[DocTestParser(optionflags=ELLIPSIS | NUMBER), DocstringSkipParser()],
            document_types={".py": PythonDocStringDocument},
        ),
        Sybil(
            name="documentation",
            patterns=["README.md", "CONTRIBUTING.md", "docs/*.md", "docs/**/*.md"],
            parsers=[PythonCodeBlockParser(doctest_optionflags=ELLIPSIS | NUMBER), SkipParser()],
        ),
    ]
).pytest()
