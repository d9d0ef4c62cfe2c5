"""Read what a model's fields mean: the text written below each field in its class.

Pydantic can do this itself, but does it at every import; here it is done when somebody asks.
"""

from __future__ import annotations

import ast
import inspect
import sys
from functools import lru_cache
from itertools import pairwise

from pydantic import BaseModel


@lru_cache(maxsize=64)
def _classes(module: str) -> dict[str, list[ast.stmt]]:
    """Return the bodies of a module's classes by name, parsed in one go."""
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {each.name: each.body for each in tree.body if isinstance(each, ast.ClassDef)}


@lru_cache(maxsize=256)
def _own(model: type[BaseModel]) -> dict[str, str]:
    found: dict[str, str] = {}
    for field, text in pairwise(_classes(model.__module__).get(model.__qualname__, ())):
        named = isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if named and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant) and isinstance(text.value.value, str):
            found[field.target.id] = " ".join(text.value.value.split())  # type: ignore[attr-defined]
    return found


def meaning(model: type[BaseModel], name: str) -> str:
    """Return the text below a field (by its Python name) in its class or a class above, "" where there is none."""
    for base in model.__mro__:
        if issubclass(base, BaseModel) and base is not BaseModel and name in _own(base):
            return _own(base)[name]
    return ""
