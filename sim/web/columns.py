"""Columns of numbers as one body: a header that names them, then their bytes, so that a page reads them without parsing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

MAGIC = b"GTC1"
TYPES = {"int32": "i4", "uint16": "u2", "uint8": "u1", "float32": "f4"}
ALIGN = 8


def pack(columns: Mapping[str, npt.NDArray[Any]], about: Mapping[str, Any]) -> bytes:
    """Return MAGIC, the length of the header (uint32), the header (JSON: ``about`` and ``columns``) and the columns, little endian.

    A column's ``offset`` counts from the end of the header; every column begins at a multiple of 8 bytes of the body.
    """
    listed, parts, offset = [], [], 0
    for name, column in columns.items():
        kind = column.dtype.name
        if kind not in TYPES:
            raise TypeError(f"{name}: {kind} is none of {', '.join(TYPES)}")
        raw = np.ascontiguousarray(column).astype(f"<{TYPES[kind]}", copy=False).tobytes()
        listed.append({"name": name, "type": kind, "offset": offset, "length": len(column)})
        gap = -len(raw) % ALIGN
        parts += [raw, b"\0" * gap]
        offset += len(raw) + gap
    header = json.dumps({**about, "columns": listed}, ensure_ascii=False, separators=(",", ":")).encode()
    header += b" " * (-(len(header) + 8) % ALIGN)
    return b"".join([MAGIC, len(header).to_bytes(4, "little"), header, *parts])


def unpack(body: bytes) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """Return columns and what else the header says of a body that ``pack`` made."""
    if body[:4] != MAGIC:
        raise ValueError("no body of columns")
    end = 8 + int.from_bytes(body[4:8], "little")
    about = json.loads(body[8:end])
    columns = {c["name"]: np.frombuffer(body, f"<{TYPES[c['type']]}", c["length"], end + c["offset"]) for c in about.pop("columns")}
    return columns, about
