from . import controllers, models

from odoo.addons.payment import reset_payment_provider, setup_provider

CODE = "yookassa"


def post_init_hook(env):
    setup_provider(env, CODE)


def uninstall_hook(env):
    reset_payment_provider(env, CODE)
