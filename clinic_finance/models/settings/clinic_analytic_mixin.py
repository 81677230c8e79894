from odoo import fields, models


class ClinicAnalyticMixin(models.AbstractModel):
    """Something that money is counted by: an analytic account of its own.

    The account is made when it is first needed, in the plan ``_analytic_plan``, and
    follows the name and the archive of its record.
    """

    _name = "clinic.analytic.mixin"
    _description = "Counted by analytics"

    # External id of the plan.
    _analytic_plan = None

    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="clinic_base.group_accountant,clinic_base.group_clinic_manager",
    )

    def _get_analytic_account(self):
        """The account of this record; made for all records read along with it.

        Writing the account on the record lets only one of two transactions that come
        at once make it: the other one is run again.
        """
        self.ensure_one()
        if not self.analytic_account_id:
            missing = self.browse(self._prefetch_ids).filtered(
                lambda record: not record.analytic_account_id
            )
            accounts = self.env["account.analytic.account"].create(
                [record._prepare_analytic_account_vals() for record in missing | self]
            )
            for record, account in zip(missing | self, accounts, strict=True):
                record.analytic_account_id = account
        return self.analytic_account_id

    def _prepare_analytic_account_vals(self):
        return {
            "name": self.name,
            "plan_id": self.env.ref(self._analytic_plan).id,
            "company_id": "company_id" in self._fields and self.company_id.id,
            "active": self.active,
        }

    def write(self, vals):
        result = super().write(vals)
        if {"name", "active"} & vals.keys():
            # Whoever may rename a record need not be allowed to change accounts.
            for record in self.sudo().filtered("analytic_account_id"):
                fresh = record._prepare_analytic_account_vals()
                record.analytic_account_id.write(
                    {"name": fresh["name"], "active": fresh["active"]}
                )
        return result
