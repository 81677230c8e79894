from odoo import api, http
from odoo.fields import Field, Html, Selection
from odoo.service import model
from odoo.tools import safe_eval

from odoo.addons.rpc.controllers import json2, xmlrpc

from .tools import (
    caller,
    discreet_log,
    error_answers,
    lost_database,
    public_methods,
    readers_language,
)
from .tools.stored_code import gate

gate.guard(safe_eval)
gate.guard_html(Html)
error_answers.guard(http)
error_answers.guard_xml(xmlrpc)
public_methods.guard(model, json2)
lost_database.guard(http)
caller.guard(http)
discreet_log.guard()
readers_language.guard(api.Environment)
readers_language.guard_labels(
    (Field, "_description_string"), (Selection, "_description_selection")
)

from . import models  # noqa: E402
from . import controllers  # noqa: E402
from .hooks import post_init_hook, pre_init_hook  # noqa: E402
from . import wizards  # noqa: E402
