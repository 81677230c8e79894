"""Expressions that cannot do anything, whatever their names stand for."""

from __future__ import annotations

import ast
import re
from functools import lru_cache

_NODES = (
    *(ast.Expression, ast.Constant, ast.Name, ast.Load),
    *(ast.List, ast.Tuple, ast.Set, ast.Dict),
    *(ast.UnaryOp, ast.unaryop, ast.BoolOp, ast.boolop, ast.Compare, ast.cmpop),
    *(ast.IfExp, ast.keyword, ast.Slice),
    *(ast.BinOp, ast.Add, ast.Sub, ast.BitOr, ast.BitAnd),
)
# Read by record rules and filters; an id, never a text of a record.
_PATHS = frozenset(
    {
        "user.id",
        "user.company_id.id",
        "user.company_ids.ids",
        "user.partner_id.id",
        "user.partner_id.ids",
        "user.partner_id.commercial_partner_id.id",
        "user.commercial_partner_id.id",
        "user.employee_id.id",
        "user.employee_ids.ids",
        "user.group_ids.ids",
        "user.all_group_ids.ids",
        "user.clinic_branch_ids.ids",
        "company_id.id",
        "company_ids.ids",
        "website.id",
    }
)
_FUNCTIONS = frozenset(
    {
        "context.get",
        "context_today",
        "relativedelta",
        "datetime.date.today",
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.combine",
        "datetime.timedelta",
        "datetime.time",
        "dateutil.relativedelta.relativedelta",
        "time.strftime",
        "timedelta",
    }
)
_DATE_METHODS = frozenset({"date", "replace", "strftime", "to_utc"})
_FORMATTERS = frozenset({"format", "format_map", "vformat", "Formatter"})
# A field of a format string that reads something of its value, or an inner name.
_INNER_NAME = re.compile(r"__\w+|\{[^{}]*[.\[][^{}]*\}")


@lru_cache(maxsize=4096)
def is_plain(text: str) -> bool:
    """Whether ``text`` is made of literals, names, comparisons, sums, the ids of a
    short list of paths, and calls of a short list of functions, mostly of time.

    A name alone reads nothing; what reads or does something is an attribute or a call.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return _is_plain_node(tree)


@lru_cache(maxsize=4096)
def formats_by_name(text: str) -> bool:
    """Whether ``text`` reads attributes by names that stand in a string.

    ``"{0.__class__}".format(x)`` goes wherever the string says, past whatever looks at
    the names of the expression itself.
    """
    try:
        tree = ast.parse(text.strip())
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return any(map(_may_format, ast.walk(tree)))


def _may_format(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr in _FORMATTERS
    if isinstance(node, ast.Name):
        return node.id in _FORMATTERS
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str | bytes)
        and bool(_INNER_NAME.search(str(node.value)))
    )


def is_literal(text: str) -> bool:
    """Whether ``text`` is a Python literal."""
    try:
        ast.literal_eval(text.strip())
    except (SyntaxError, ValueError, TypeError, MemoryError, RecursionError):
        return False
    return True


def _is_plain_node(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        values = (*node.args, *node.keywords)
        return _is_plain_call(node.func) and all(map(_is_plain_node, values))
    if isinstance(node, ast.Attribute):
        # Views ask for fields of the record that a list belongs to.
        path = _path(node)
        return path in _PATHS or (path.startswith("parent.") and path.count(".") == 1)
    if not isinstance(node, _NODES):
        return False
    return all(map(_is_plain_node, ast.iter_child_nodes(node)))


def _is_plain_call(function: ast.AST) -> bool:
    if _path(function) in _FUNCTIONS:
        return True
    return (
        isinstance(function, ast.Attribute)
        and function.attr in _DATE_METHODS
        and isinstance(function.value, ast.Call | ast.BinOp)
        and _is_plain_node(function.value)
    )


def _path(node: ast.AST) -> str:
    """Dotted name of ``node``, empty if it is none."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(names)])
