"""Write frames as a film: GIF with Pillow, MP4 with ffmpeg (the system's, else that of the extra ``video``)."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from sim.errors import SimError

Frame = npt.NDArray[np.uint8]
COLOURS = 96
"""Colours of a GIF besides those of its signs."""
GIF_RATE, MP4_RATE = 12, 24
"""Frames a second."""


class FilmError(SimError):
    """A film cannot be made: no ffmpeg, or it refused."""


def write_gif(frames: Iterable[Frame], out: Path, like: Sequence[Frame], signs: Sequence[str], rate: int = GIF_RATE) -> Path:
    """Write an animated GIF, whole or not at all.

    All frames keep to the colours of a few of them, ``like``, and to those of small signs ("#rrggbb"): what stands still takes no room.
    """
    common = Image.fromarray(np.concatenate(like)).quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    palette = Image.new("P", (1, 1))
    palette.putpalette([*(common.getpalette() or [])[: 3 * COLOURS], *(part for sign in signs for part in bytes.fromhex(sign[1:]))])
    images = (Image.fromarray(frame).quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames)
    partial = out.with_suffix(".part")
    try:
        next(images).save(partial, "GIF", save_all=True, append_images=images, duration=round(1000 / rate), loop=0, optimize=True)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    partial.replace(out)
    return out


def write_mp4(frames: Iterable[Frame], out: Path, size: tuple[int, int], rate: int = MP4_RATE) -> Path:
    """Write an H.264 film that browsers and slides play, whole or not at all; ``size`` is width and height, both even."""
    partial = out.with_suffix(".part.mp4")
    command = [
        ffmpeg(), "-y", "-loglevel", "error",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", str(rate), "-i", "-",
        "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-movflags", "+faststart", str(partial),
    ]  # fmt: skip
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said) as running:
            try:
                assert running.stdin is not None
                for frame in frames:
                    running.stdin.write(np.ascontiguousarray(frame).tobytes())
                running.stdin.close()
            except BrokenPipeError:
                pass
            except BaseException:
                running.kill()
                running.wait()
                partial.unlink(missing_ok=True)
                raise
        if running.returncode:
            said.seek(0)
            partial.unlink(missing_ok=True)
            last = said.read().decode("utf-8", "replace").strip().splitlines()[-1:] or ["no reason given"]
            raise FilmError(f"{command[0]} failed ({running.returncode}): {last[0]}")
    partial.replace(out)
    return out


def ffmpeg() -> str:
    """Return the program that encodes: the system's, else that of the extra ``video``; FilmError where there is neither."""
    found = shutil.which("ffmpeg")
    if found:
        return found
    try:
        import imageio_ffmpeg
    except ImportError:
        raise FilmError("no ffmpeg here") from None
    return str(imageio_ffmpeg.get_ffmpeg_exe())
