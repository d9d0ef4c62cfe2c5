"""Compare frozen tables field by field."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def assert_equal(one: Any, other: Any, but: tuple[str, ...] = ()) -> None:
    """Assert that two frozen tables are equal, arrays bit for bit, except the fields named in ``but``."""
    assert type(one) is type(other)
    for field in fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if field.name in but:
            continue
        if is_dataclass(a):
            assert_equal(a, b, but)
        elif isinstance(a, np.ndarray):
            assert a.dtype == b.dtype, field.name
            np.testing.assert_array_equal(a, b, err_msg=field.name)
        else:
            assert a == b, field.name
