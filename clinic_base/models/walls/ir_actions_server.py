from odoo import api, models
from odoo.exceptions import UserError

from ...tools import given
from ...tools.authority import closed_to_medical
from ...tools.stored_code import (
    check_expression,
    is_closed,
    read_record_texts,
    refuse,
)

# Odoo names a cron's action after the cron.
CRON_SUFFIX = "_ir_actions_server"


class IrActionsServer(models.Model):
    _inherit = "ir.actions.server"

    @api.constrains("state", "code", "model_id")
    def _check_code_is_a_modules_own(self):
        for action in self:
            if action.state == "code":
                action._clinic_check_code()

    @api.constrains("state", "evaluation_type", "value")
    def _check_update_is_plain(self):
        """:raises StoredCodeError: a field update that computes what no module says"""
        if not is_closed(self.env):
            return
        for action in self:
            if action.state == "object_write" and action.evaluation_type == "equation":
                check_expression(action.value or "")

    @api.constrains("state", "update_path", "link_field_id")
    def _check_nothing_of_the_programs_is_stored(self):
        for action in self:
            action._clinic_check_stored()

    def _clinic_check_stored(self):
        """:raises AccessError: an update, copy or new record that writes what the
        program alone does, with the rights of whoever makes it run"""
        if is_closed(self.env):
            # Fields are read by administrators; their names are no secret.
            written = {
                "object_write": self.sudo().update_field_id,
                "object_create": self.sudo().link_field_id,
                "object_copy": self.sudo().link_field_id,
            }.get(self.state)
            given.refuse_stored(written)

    def _run_action_object_write(self, eval_context=None):
        for action in self:
            action._clinic_check_stored()
        return super()._run_action_object_write(eval_context=eval_context)

    def _run_action_object_create(self, eval_context=None):
        self._clinic_check_stored()
        return super()._run_action_object_create(eval_context=eval_context)

    def _run_action_object_copy(self, eval_context=None):
        self._clinic_check_stored()
        return super()._run_action_object_copy(eval_context=eval_context)

    @api.constrains("state", "webhook_url")
    def _check_nothing_is_posted(self):
        """:raises UserError: a webhook hands a record to an address that a login chose,
        with the rights of whoever makes it run"""
        for action in self:
            if action.state == "webhook":
                action._clinic_check_webhook()

    def _run_action_webhook(self, eval_context=None):
        self._clinic_check_webhook()
        return super()._run_action_webhook(eval_context=eval_context)

    def _clinic_check_webhook(self):
        if is_closed(self.env):
            raise UserError(
                self.env._(
                    "A webhook would send records to another server with the rights of"
                    " whoever makes it run. Whoever runs the server can allow it."
                )
            )

    def run(self):
        """Actions live in the database, where administrators write them: they see
        nothing medical, in a physician's request too. The product's own crons, which
        are actions as well, open it by name with ``medical_job``."""
        with closed_to_medical():
            return super().run()

    def _run_action_code_multi(self, eval_context):
        self._clinic_check_code()
        return super()._run_action_code_multi(eval_context)

    def _clinic_check_code(self):
        """Raise StoredCodeError unless a module's file holds this action as it is.

        Of another model the same code is another one.
        """
        self.ensure_one()
        code = (self.code or "").strip()
        if not self._clinic_is_written(code) or not is_closed(self.env):
            return
        names = self._get_external_ids()[self.id]
        for name in [*names, *(name.removesuffix(CRON_SUFFIX) for name in names)]:
            own = read_record_texts(name)
            model = own.get("model_id", "").rpartition(".")[2]
            if (
                own.get("code") == code
                and model == f"model_{self.model_id.model.replace('.', '_')}"
            ):
                return
        raise refuse(code)

    @api.model
    def _clinic_is_written(self, code):
        """Whether ``code`` says anything: new actions hold comments on their names."""
        lines = map(str.strip, code.splitlines())
        return any(line and not line.startswith("#") for line in lines)
