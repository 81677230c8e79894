from odoo import http
from odoo.fields import Html
from odoo.service import model
from odoo.tools import safe_eval

from odoo.addons.rpc.controllers import json2

from .tools import (
    caller,
    discreet_log,
    error_answers,
    lost_database,
    public_methods,
)
from .tools.stored_code import gate

gate.guard(safe_eval)
gate.guard_html(Html)
error_answers.guard(http)
public_methods.guard(model, json2)
lost_database.guard(http)
caller.guard(http)
discreet_log.guard()

from . import models  # noqa: E402
from .hooks import post_init_hook, pre_init_hook  # noqa: E402
from . import wizards  # noqa: E402
