from odoo.fields import Html
from odoo.tools import safe_eval

from .tools.stored_code.gate import guard, guard_html

guard(safe_eval)
guard_html(Html)

from . import models  # noqa: E402
from .hooks import post_init_hook, pre_init_hook  # noqa: E402
from . import wizard  # noqa: E402
