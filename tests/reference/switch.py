"""A number that compiled code and Python read alike: which mutant is on, -1 for none."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

SWITCH = np.full(1, -1, np.int64)


def _chosen(typingctx):  # type: ignore[no-untyped-def]
    """Read the switch at its address, each time anew."""

    def codegen(context, builder, signature, args):  # type: ignore[no-untyped-def]
        i64 = ir.IntType(64)
        return builder.load(builder.inttoptr(ir.Constant(i64, SWITCH.ctypes.data), i64.as_pointer()))

    return types.int64(), codegen


chosen: Any = intrinsic(_chosen)


def asked() -> int:
    """Return which mutant is on, to Python."""
    return int(SWITCH[0])
