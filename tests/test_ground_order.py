"""In whatever order models are imported, their methods follow each other alike.

A class that extends a model comes before those that were imported earlier: where two of
a module define one name, or join a mixin with the same one, the order of imports would
decide which of them goes first.
"""

from clinic_cli import databases, odoo
from clinic_cli.progress import Progress

# Registries made of the same modules: as imported, and each module's classes shuffled
# as far as parents stay before children. What is compared is, for each model, who
# defines a name that several of the suite's classes define, the first called first.
SHUFFLE = """
import random
from collections import defaultdict

from odoo.modules.registry import Registry
from odoo.orm.models import MetaModel

LISTS = MetaModel._module_to_models__


def get_chains(registry):
    chains = {}
    for name, model in registry.models.items():
        homes = defaultdict(list)
        for cls in model.__mro__:
            if getattr(cls, "_module", None) in ours and not cls.__dict__.get("pool"):
                for attribute in vars(cls).keys() - KNOWN:
                    homes[attribute].append(cls.__module__)
        for attribute, modules in homes.items():
            if len(modules) > 1:
                chains[f"{name}.{attribute}"] = modules
    return chains


def shuffle(classes, chance):
    # A model is there once the class that defines it has come, and its parents' have.
    waiting = list(classes)
    chance.shuffle(waiting)
    defined_here = {cls._name for cls in classes if cls._name not in cls._inherit}
    known, order = set(), []
    while waiting:
        ready = next(
            cls
            for cls in waiting
            if not (set(cls._inherit) & defined_here) - known
            and (cls._name in known or cls._name not in cls._inherit
                 or cls._name not in defined_here)
        )
        waiting.remove(ready)
        order.append(ready)
        known.add(ready._name)
    return order


KNOWN = {
    "__module__", "__doc__", "__init__", "__firstlineno__", "__static_attributes__",
    "__slots__", "__dict__", "__weakref__", "__annotations__",
    "_name", "_inherit", "_inherits", "_module", "_register", "_description",
    "_abstract", "_auto", "_transient", "_original_module",
    "_field_definitions", "_table_object_definitions",
}
ours = {
    module.name
    for module in env["ir.module.module"].search([("state", "=", "installed")])
    if module.author and "Clinic Suite contributors" in module.author
}
before = get_chains(env.registry)
imported = {name: list(LISTS[name]) for name in ours}
different, orders = {}, 0
for seed in SEEDS:
    for name in sorted(ours):
        LISTS[name][:] = shuffle(imported[name], random.Random(f"{seed}:{name}"))
        orders += LISTS[name] != imported[name]
    after = get_chains(Registry.new(env.cr.dbname))
    different |= {
        key: [before.get(key), after.get(key)]
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    }
answer = {"chains": len(before), "orders": orders, "different": different}
"""


def test_no_effect_hangs_on_the_order_of_imports(postgresql):
    template = databases.ensure_suite_template(postgresql, Progress())
    with databases.scratch(postgresql, template) as database:
        answer = odoo.ask(database, "SEEDS = range(3)\n" + SHUFFLE)
    assert answer["orders"] > 20
    assert answer["chains"] > 100
    assert answer["different"] == {}
