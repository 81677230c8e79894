from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """:raises UserError: a patient's contact belongs to the card, which is merged
        with what hangs on it, and can be given back"""
        # Sudo: Odoo finds contacts past their rules; a yes or no is all that is told.
        partners = self.env["res.partner"].sudo().browse(partner_ids)
        if any(partners.mapped("is_clinic_patient")):
            raise UserError(
                self.env._(
                    "Contacts of patients are not merged here: merge their cards in"
                    " Patients, Similar cards."
                )
            )
        return super()._merge(partner_ids, dst_partner, extra_checks)
