"""How a block of whole numbers becomes few bytes: what is expected is taken off, what is left is small.

Each number is predicted from its neighbours in time (`Past`) and along one axis of its array; the difference wraps, so
it is exact. Differences of either sign become small positive numbers (zigzag), bytes of equal weight are put together,
and Zstandard does the rest.

References
----------
.. [1] RFC 8878, Zstandard Compression and the 'application/zstd' Media Type.
"""

from __future__ import annotations

import math
from enum import IntEnum
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import zstandard
from numpy.typing import NDArray

from battuta.ports.journal import IntegerArray

SignedArray: TypeAlias = NDArray[np.signedinteger[Any]]
UnsignedArray: TypeAlias = NDArray[np.unsignedinteger[Any]]

SAMPLE_ROWS = 48


class Past(IntEnum):
    """What a number is compared with in time."""

    NOTHING = 0
    FIRST = 1
    PREVIOUS = 2


class Prediction(NamedTuple):
    """What is taken off a block before it is compressed.

    Attributes
    ----------
    past : Past
        Which earlier record.
    axis : int
        Axis of the block, from 1, along which neighbours are then taken off each other; 0 for none.
    """

    past: Past = Past.PREVIOUS
    axis: int = 0

    @property
    def byte(self) -> int:
        """As one byte of a file.

        Examples
        --------
        >>> Prediction(Past.PREVIOUS, 1).byte
        6
        """
        return self.axis * 4 + self.past

    @classmethod
    def of_byte(cls, byte: int) -> Prediction:
        """Read one byte of a file."""
        return cls(Past(byte % 4), byte // 4)


def zigzag(differences: SignedArray) -> UnsignedArray:
    """Fold signed numbers into unsigned ones, small ones staying small.

    Examples
    --------
    >>> zigzag(np.array([0, -1, 1, -2, 2], dtype=np.int16))
    array([0, 1, 2, 3, 4], dtype=uint16)
    """
    itemsize = differences.dtype.itemsize
    folded = differences << 1
    folded ^= differences >> (8 * itemsize - 1)
    return folded.view(f"<u{itemsize}")


def unzigzag(folded: UnsignedArray) -> SignedArray:
    """Undo `zigzag`.

    Examples
    --------
    >>> unzigzag(np.array([0, 1, 2, 3, 4], dtype=np.uint16))
    array([ 0, -1,  1, -2,  2], dtype=int16)
    """
    signs = np.negative(folded & 1)
    signs ^= folded >> 1
    return signs.view(f"<i{folded.dtype.itemsize}")


def _along(block: SignedArray, axis: int) -> SignedArray:
    """Differences of neighbours along an axis, the first ones kept."""
    if not axis:
        return block
    differences = block.copy()
    before = (slice(None),) * axis
    differences[(*before, slice(1, None))] -= block[(*before, slice(None, -1))]
    return differences


def residual(block: SignedArray, prediction: Prediction) -> SignedArray:
    """Take off what is predicted, shape (n_times, ...)."""
    left = block.copy()
    if prediction.past is Past.FIRST:
        left[1:] -= block[0]
    elif prediction.past is Past.PREVIOUS:
        left[1:] -= block[:-1]
    return _along(left, prediction.axis)


def restored(left: SignedArray, prediction: Prediction) -> SignedArray:
    """Undo `residual`, shape (n_times, ...)."""
    block = np.cumsum(left, axis=prediction.axis, dtype=left.dtype) if prediction.axis else left.copy()
    if prediction.past is Past.FIRST:
        block[1:] += block[0]
    elif prediction.past is Past.PREVIOUS:
        block = np.cumsum(block, axis=0, dtype=block.dtype)
    return block


def signed(block: IntegerArray) -> SignedArray:
    """Show the same bits as signed numbers, the low byte first."""
    low_first = np.ascontiguousarray(block, dtype=block.dtype.newbyteorder("<"))
    return low_first.view(f"<i{block.dtype.itemsize}")


def best_prediction(block: IntegerArray) -> Prediction:
    """Find what leaves the bytes of least entropy, on a few rows spread over the block.

    Parameters
    ----------
    block : ndarray of integers, shape (n_times, ...)
        Values of one field.

    Returns
    -------
    Prediction
        The first of the best ones.

    Examples
    --------
    >>> best_prediction(np.cumsum(np.full((50, 3), 1000, dtype=np.int32), axis=0, dtype=np.int32))
    Prediction(past=<Past.PREVIOUS: 2>, axis=0)
    """
    values = signed(block)
    if len(values) == 1:
        pasts: tuple[tuple[Past, SignedArray], ...] = ((Past.NOTHING, values),)
    else:
        rows = np.unique(np.linspace(1, len(values) - 1, SAMPLE_ROWS).astype(np.intp))
        sample = values[rows]
        pasts = (
            (Past.PREVIOUS, sample - values[rows - 1]),
            (Past.FIRST, sample - values[0]),
            (Past.NOTHING, sample),
        )
    bits = {Prediction(past, axis): _bits(_along(left, axis)) for past, left in pasts for axis in range(values.ndim)}
    return min(bits, key=lambda prediction: bits[prediction])


def _bits(left: SignedArray) -> float:
    """Entropy of the bytes of equal weight: what is left to be written, roughly."""
    folded = zigzag(left)
    total = 0.0
    for plane in folded.reshape(-1).view(np.uint8).reshape(-1, folded.dtype.itemsize).T:
        counts = np.bincount(plane)
        counts = counts[counts > 0]
        total += float(counts @ (np.log2(len(plane)) - np.log2(counts)))
    return total


def encode(block: IntegerArray, prediction: Prediction, compressor: zstandard.ZstdCompressor) -> bytes:
    """Compress a block.

    Parameters
    ----------
    block : ndarray of integers, shape (n_times, ...)
        At least one row.
    prediction : Prediction
        What to take off; the reader must know it.
    compressor : zstandard.ZstdCompressor
        Does the last step.

    Returns
    -------
    bytes
        One Zstandard frame.
    """
    folded = zigzag(residual(signed(block), prediction))
    itemsize = folded.dtype.itemsize
    planes = np.ascontiguousarray(folded.reshape(-1).view(np.uint8).reshape(-1, itemsize).T)
    stream = compressor.compressobj(size=planes.size)
    parts: list[bytes] = []
    for plane in planes:  # each in blocks of its own: low and high bytes are not of one distribution
        parts += (stream.compress(plane.data), stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK))
    parts.append(stream.flush())
    return b"".join(parts)


def decode(data: bytes | memoryview, dtype: str, shape: tuple[int, ...], prediction: Prediction) -> IntegerArray:
    """Undo `encode`.

    Parameters
    ----------
    data : bytes
        One Zstandard frame.
    dtype : str
        Type of the numbers.
    shape : tuple of int
        Shape of the block, time first.
    prediction : Prediction
        What was taken off.

    Returns
    -------
    ndarray of integers
        The block; it cannot be written to.

    Raises
    ------
    ValueError
        If the frame holds another number of bytes.
    """
    itemsize = np.dtype(dtype).itemsize
    n_bytes = itemsize * math.prod(shape)
    if zstandard.frame_content_size(data) != n_bytes:
        message = f"a block of {zstandard.frame_content_size(data)} bytes where {n_bytes} are expected"
        raise ValueError(message)
    planes = np.frombuffer(zstandard.ZstdDecompressor().decompress(data), dtype=np.uint8).reshape(itemsize, -1)
    folded = np.ascontiguousarray(planes.T).reshape(-1).view(f"<u{itemsize}")
    block = restored(unzigzag(folded).reshape(shape), prediction).view(np.dtype(dtype).newbyteorder("<"))
    native = block.astype(dtype, copy=False)
    native.flags.writeable = False
    return native
