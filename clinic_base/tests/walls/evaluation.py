"""Finds in source code whatever evaluates or renders a text."""

import ast
from pathlib import Path

from odoo.modules.module import Manifest
from odoo.tools import config

import odoo.addons

EVALUATING = {
    *("eval", "exec", "compile", "unsafe_eval", "safe_eval", "expr_eval"),
    *("const_eval", "compile_codeobj", "test_python_expr", "make_compute"),
    *("mis_safe_eval", "render_inline_template", "_render_template", "_render_field"),
    *("_render_template_qweb", "_render_template_inline_template", "_generate_code"),
    *("_render_template_qweb_view", "InteractiveInterpreter", "runsource"),
}
# Methods of the same names that evaluate nothing.
PATTERNS = {"compile": {"re", "regex"}}
LEFT_OUT = {"tests", "cli", "upgrade", "upgrade_code", "_monkeypatches", "static"}


def find_places(modules):
    """``(file, function, call)`` of all that evaluates in Odoo and ``modules``."""
    root = Path(config.root_path)
    for folder in (root, *map(_get_folder, modules)):
        for path in sorted(folder.rglob("*.py")):
            parts = path.relative_to(folder).parts
            is_addon = folder == root and parts[0] == "addons"
            if is_addon or LEFT_OUT.intersection(parts):
                continue
            name = "odoo" if folder == root else folder.name
            yield from _find_in_file(f"{name}/{'/'.join(parts)}", path)


def shipped_modules():
    """Odoo's modules in use are asked for by name; these come from elsewhere."""
    core = Path(config.root_path)
    for folder in map(Path, odoo.addons.__path__):
        if not folder.is_relative_to(core):
            yield from (path.parent.name for path in folder.glob("*/__manifest__.py"))


def _get_folder(module):
    return Path(Manifest.for_addon(module).path)


def _find_in_file(name, path):
    text = path.read_text()
    if not any(word in text for word in EVALUATING):
        return
    places = set()

    def visit(node, function):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            function = node.name
        if isinstance(node, ast.Call) and (called := _get_name(node)):
            places.add((name, function, called))
        for child in ast.iter_child_nodes(node):
            visit(child, function)

    visit(ast.parse(text), "-")
    yield from sorted(places)


def _get_name(call):
    """Name of the evaluating function that ``call`` calls, if it does."""
    function = call.func
    if isinstance(function, ast.Name):
        return function.id if function.id in EVALUATING else None
    if isinstance(function, ast.Attribute) and function.attr in EVALUATING:
        owner = getattr(function.value, "id", "")
        if owner not in PATTERNS.get(function.attr, ()):
            return function.attr
    return None
