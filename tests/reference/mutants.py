"""Find the places of a source that can be broken, and write a source in which a switch breaks one of them."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

COMPARE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
}  # fmt: skip
SIGN: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}
JOIN: dict[type[ast.boolop], type[ast.boolop]] = {ast.And: ast.Or, ast.Or: ast.And}
BOUND = {"min": "max", "max": "min"}
WORDS: dict[type[ast.AST], str] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
    ast.Add: "+", ast.Sub: "-", ast.And: "and", ast.Or: "or",
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: of the expression ``node`` (its number in the order of ``ast.walk``), and there of the comparison ``at``."""

    node: int
    at: int
    function: str
    line: int
    was: str
    became: str


def mutants(source: str, within: frozenset[str] = frozenset()) -> list[Mutant]:
    """Return every mutant of the functions of a source, or of those named, in the order of lines."""
    tree = ast.parse(source)
    number = {id(node): i for i, node in enumerate(ast.walk(tree))}
    found = set()
    for body in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and (not within or node.name in within)):
        for statement in body.body:
            for node in ast.walk(statement):
                found |= {Mutant(number[id(node)], at, body.name, node.lineno, was, became) for at, was, became in _swaps(node)}
    if unknown := within - {m.function for m in found}:
        raise ValueError(f"nothing to break in {', '.join(sorted(unknown))}")
    return sorted(found, key=lambda m: (m.line, m.node, m.at))


def _swaps(node: ast.AST) -> Iterator[tuple[int, str, str]]:
    if isinstance(node, ast.Compare):
        for at, op in enumerate(node.ops):
            if type(op) in COMPARE:
                yield at, WORDS[type(op)], WORDS[COMPARE[type(op)]]
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in SIGN:
        equals = "=" if isinstance(node, ast.AugAssign) else ""
        yield 0, WORDS[type(node.op)] + equals, WORDS[SIGN[type(node.op)]] + equals
    elif isinstance(node, ast.BoolOp):
        yield 0, WORDS[type(node.op)], WORDS[JOIN[type(node.op)]]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BOUND:
        yield 0, node.func.id, BOUND[node.func.id]


def switched(source: str, on: Mapping[int, Mutant], header: str) -> str:
    """Return the source with ``header`` before its code, in which mutant k acts where ``chosen()`` is k.

    An expression becomes two, the broken and the unharmed one, of which the switch takes one.
    """
    tree = ast.parse(source)
    sites: dict[int, list[tuple[int, Mutant]]] = {}
    nodes = list(ast.walk(tree))
    for k, mutant in on.items():
        sites.setdefault(id(nodes[mutant.node]), []).append((k, mutant))
    made = ast.fix_missing_locations(_Switch(sites).visit(tree))
    after = next(i for i, node in enumerate(made.body) if isinstance(node, ast.ImportFrom) and node.module == "__future__") + 1
    made.body[after:after] = ast.parse(header).body
    return ast.unparse(made)


class _Switch(ast.NodeTransformer):
    def __init__(self, sites: dict[int, list[tuple[int, Mutant]]]) -> None:
        self.sites = sites

    def visit(self, node: ast.AST) -> ast.AST:
        here = self.sites.get(id(node), [])
        whole = self.generic_visit(node)
        for k, mutant in here:
            test = ast.parse(f"chosen() == {k}", mode="eval").body
            if isinstance(whole, ast.AugAssign):
                whole.value = ast.IfExp(test, ast.UnaryOp(ast.USub(), whole.value), whole.value)
            else:
                assert isinstance(whole, ast.expr)
                whole = ast.IfExp(test, _broken(node, mutant), whole)
        return whole


def _broken(node: ast.AST, mutant: Mutant) -> ast.expr:
    other = copy.copy(node)
    if isinstance(other, ast.Compare):
        other.ops = [COMPARE[type(op)]() if at == mutant.at else op for at, op in enumerate(other.ops)]
    elif isinstance(other, ast.BinOp):
        other.op = SIGN[type(other.op)]()
    elif isinstance(other, ast.BoolOp):
        other.op = JOIN[type(other.op)]()
    else:
        assert isinstance(other, ast.Call)
        other.func = ast.Name(mutant.became, ast.Load())
    assert isinstance(other, ast.expr)
    return other
