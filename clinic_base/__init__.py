from odoo import http
from odoo.fields import Html
from odoo.tools import safe_eval

from .tools import error_answers
from .tools.stored_code import gate

gate.guard(safe_eval)
gate.guard_html(Html)
error_answers.guard(http)

from . import models  # noqa: E402
from .hooks import post_init_hook, pre_init_hook  # noqa: E402
from . import wizard  # noqa: E402
