"""Schemas of the files that Battuta reads, and an example of each to start from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from battuta.adapters.files.warranty_file import warranty_schema, warranty_text
from battuta.app.assets import EXAMPLE, asset_schema
from battuta.app.life_studies import example_study, example_trading_study, study_schema


def _example_asset() -> str:
    return EXAMPLE


SCHEMAS: Mapping[str, tuple[Callable[[], str], Callable[[], str]]] = MappingProxyType(
    {
        "asset": (asset_schema, _example_asset),
        "study": (study_schema, example_study),
        "trading_study": (study_schema, example_trading_study),
        "warranty": (warranty_schema, warranty_text),
    }
)
"""By the name of the file: what writes its schema, and what writes an example."""
