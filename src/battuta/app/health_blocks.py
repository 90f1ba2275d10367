"""Blocks of telemetry that a notebook holds in memory, opened as a record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from battuta.adapters.telemetry.in_memory import BlocksInMemory
from battuta.domain.telemetry import Block
from battuta.ports.telemetry import TelemetrySource


def open_blocks(blocks: Iterable[Block], seen_ns: Mapping[str, int] | None = None) -> TelemetrySource:
    """Open blocks, checked as files are; `seen_ns` is the last row of each string that was seen before. [ns]"""
    return BlocksInMemory(blocks, seen_ns)
