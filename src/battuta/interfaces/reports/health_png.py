"""Maps as small pictures: indexed PNG whose middle colour is clear, so that one picture suits light and dark pages.

Blue is below, orange above, both from Okabe and Ito's set and told apart by every kind of eye; what is near the middle
lets the page shine through, and what nobody saw is grey.
"""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

from battuta.numerics.arrays import FloatArray

LOW_RGB: Final = (0x1F, 0x86, 0xD0)
HIGH_RGB: Final = (0xE0, 0x6C, 0x0A)
MISSING_RGBA: Final = (0x80, 0x86, 0x90, 0x66)
N_STEPS: Final = 15
"""Steps of colour on either side of the middle."""
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_MISSING: Final = 2 * N_STEPS + 1


def map_image(values: FloatArray, limit: float) -> str:
    """Draw a map as the address of a picture that needs no file.

    Parameters
    ----------
    values : ndarray, shape (n_rows, n_columns)
        What is drawn, at least one row and column; NaN is grey. [unit]
    limit : float
        Where the strongest colours begin, on both sides of 0. [unit]

    Returns
    -------
    str
        A ``data:`` address of a PNG with one pixel for each value.

    Examples
    --------
    >>> map_image(np.array([[-1.0, 0.0, 1.0]]), 1.0)[:22]
    'data:image/png;base64,'
    """
    png = encode_png(shades(values, limit), _palette())
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


def shades(values: FloatArray, limit: float) -> NDArray[np.uint8]:
    """Places in the palette: 0 is far below, 15 the middle, 30 far above, 31 missing.

    Examples
    --------
    >>> shades(np.array([[-9.0, 0.0, 0.5, 1.0, np.nan]]), 1.0).tolist()
    [[0, 15, 22, 30, 31]]
    """
    known = np.isfinite(values)
    share = np.clip(np.where(known, values, 0.0) / limit, -1.0, 1.0)
    return np.where(known, np.rint(N_STEPS * (1.0 + share)), _MISSING).astype(np.uint8)


def encode_png(shade: NDArray[np.uint8], palette: NDArray[np.uint8]) -> bytes:
    """Write an indexed PNG with transparency.

    Parameters
    ----------
    shade : ndarray of uint8, shape (n_rows, n_columns)
        Place of each pixel in the palette.
    palette : ndarray of uint8, shape (n_colors, 4)
        Red, green, blue and how much covers the page.

    Returns
    -------
    bytes
        The file.
    """
    n_rows, n_columns = shade.shape
    lines = np.concatenate([np.zeros((n_rows, 1), dtype=np.uint8), shade], axis=1)
    header = struct.pack(">IIBBBBB", n_columns, n_rows, 8, 3, 0, 0, 0)
    parts = [
        (b"IHDR", header),
        (b"PLTE", palette[:, :3].tobytes()),
        (b"tRNS", palette[:, 3].tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
        (b"IEND", b""),
    ]
    return _SIGNATURE + b"".join(_chunk(name, content) for name, content in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _palette() -> NDArray[np.uint8]:
    cover = np.rint(255.0 * (np.arange(1, N_STEPS + 1) / N_STEPS) ** 0.8)
    below = np.column_stack([np.tile(LOW_RGB, (N_STEPS, 1)), cover[::-1]])
    above = np.column_stack([np.tile(HIGH_RGB, (N_STEPS, 1)), cover])
    return np.vstack([below, [(*HIGH_RGB, 0)], above, [MISSING_RGBA]]).astype(np.uint8)
