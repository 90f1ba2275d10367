"""Maps become pictures that any browser reads: right size, right colours, clear in the middle."""

import struct
import zlib

import numpy as np
import pytest

from battuta.interfaces.reports.health_png import HIGH_RGB, LOW_RGB, N_STEPS, encode_png, map_image, shades


def decoded(png: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Pixels as red, green, blue and cover, written anew from the specification; and the sums of all chunks checked."""
    assert png[:8] == bytes([137, 80, 78, 71, 13, 10, 26, 10])
    parts, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        name, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length]) == (zlib.crc32(name + content),)
        parts[name.decode()] = content
        at += 12 + length
    assert list(parts) == ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"]
    width, height, depth, kind = struct.unpack(">IIBB", parts["IHDR"][:10])
    assert (depth, kind) == (8, 3)
    rows = np.frombuffer(zlib.decompress(parts["IDAT"]), dtype=np.uint8).reshape(height, width + 1)
    assert not rows[:, 0].any()
    colors = np.frombuffer(parts["PLTE"], dtype=np.uint8).reshape(-1, 3)
    cover = np.frombuffer(parts["tRNS"], dtype=np.uint8)
    return colors[rows[:, 1:]], cover[rows[:, 1:]]


def picture(values: np.ndarray, limit: float) -> tuple[np.ndarray, np.ndarray]:
    import base64

    return decoded(base64.b64decode(map_image(values, limit).partition(",")[2]))


def test_low_is_blue_high_is_orange_the_middle_is_clear_and_nothing_is_grey() -> None:
    colors, cover = picture(np.array([[-5.0, 0.0, 5.0], [np.nan, -0.5, 0.5]]), 1.0)
    assert colors.shape == (2, 3, 3)
    assert tuple(colors[0, 0]) == tuple(colors[1, 1]) == LOW_RGB
    assert tuple(colors[0, 2]) == tuple(colors[1, 2]) == HIGH_RGB
    assert (cover[0, 0], cover[0, 1], cover[0, 2]) == (255, 0, 255)
    assert cover[1, 1] == cover[1, 2] < 255
    assert np.ptp(colors[1, 0].astype(int)) < 20


def test_farther_is_never_paler() -> None:
    _, cover = picture(np.linspace(-1.0, 1.0, 101)[None, :], 1.0)
    low, high = cover[0, :51].astype(int), cover[0, 50:].astype(int)
    assert (np.diff(low) <= 0).all()
    assert (np.diff(high) >= 0).all()
    assert len(set(high)) == N_STEPS + 1


def test_a_map_of_240_cells_and_300_days_is_small() -> None:
    noise = np.random.default_rng(1).standard_normal((240, 300))
    assert len(encode_png(shades(noise, 3.0), np.zeros((32, 4), dtype=np.uint8))) < 60_000


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_what_is_infinite_is_not_seen(value: float) -> None:
    assert shades(np.array([[value]]), 1.0).tolist() == [[2 * N_STEPS + 1]]
