from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class ClinicProfileOpen(models.TransientModel):
    """Profiles for many patients with some specialists, in one step.

    Whoever has a profile for the same service and time keeps it as it is.
    """

    _name = "clinic.profile.open"
    _description = "Open profiles for many patients"

    patient_ids = fields.Many2many("clinic.patient", string="Patients")
    patient_count = fields.Integer(
        string="Patients chosen", compute="_compute_patient_count"
    )
    category_id = fields.Many2one(
        "clinic.patient.category",
        help="All patients of the category, beside those chosen in the list.",
    )
    specialist_ids = fields.Many2many(
        "clinic.specialist", string="Specialists", required=True
    )
    service_ids = fields.Many2many(
        "product.product",
        string="Services",
        domain=[("is_clinic_service", "=", True)],
        help="Empty: all that each of the specialists offers.",
    )
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.company.currency_id
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self.env.company._get_clinic_today(),
    )
    date_to = fields.Date(string="Last day", help="Empty: until changed.")
    price_mode = fields.Selection(
        [("list", "By the price list"), ("fixed", "Fixed"), ("discount", "Discount")],
        string="Price",
        required=True,
        default="list",
    )
    price = fields.Monetary(string="Fixed price")
    discount = fields.Float(string="Discount (%)", digits=(5, 2))
    specialist_share = fields.Float(
        string="Specialist's share (%)", digits=(5, 2), help="0: as the rules say."
    )
    contract_number = fields.Char()

    @api.depends("patient_ids", "category_id")
    def _compute_patient_count(self):
        for wizard in self:
            wizard.patient_count = len(wizard._find_patients())

    def _find_patients(self):
        """Those chosen and those of the category; nobody from the archive."""
        chosen = [("id", "in", self.patient_ids.ids)]
        category = [("category_id", "in", self.category_id.ids)]
        return self.env["clinic.patient"].search(["|", *chosen, *category])

    def _get_services(self):
        """{specialist: services that profiles are opened for}."""
        return {
            specialist: specialist.service_line_ids.product_id & self.service_ids
            if self.service_ids
            else specialist.service_line_ids.product_id
            for specialist in self.specialist_ids
        }

    def action_open(self):
        """Open the profiles, tell how many there were already, show the new ones.

        :raises AccessError: for everybody but finance managers
        :raises UserError: if nobody or nothing has been chosen
        """
        self.ensure_one()
        profiles = self.env["clinic.visit.profile"]
        profiles.check_access("create")
        profiles._check_sets_prices()
        pairs = [
            (specialist.id, service.id)
            for specialist, services in self._get_services().items()
            for service in services
        ]
        patients = self._find_patients()
        if not patients or not pairs:
            raise UserError(
                self.env._("Choose patients, and specialists who offer the services.")
            )
        opened = self._insert(patients, pairs)
        asked = len(patients) * len(pairs)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if opened else "warning",
                "message": self.env._(
                    "Opened: %(opened)s. There already and left as they are:"
                    " %(skipped)s.",
                    opened=len(opened),
                    skipped=asked - len(opened),
                ),
                "next": self._show(opened),
            },
        }

    def _insert(self, patients, pairs):
        """New profiles, in one statement however many there are.

        The database leaves out those that exist. Of two who open the same at the same
        moment, the second fails with a serialization error, is run again by the server
        and finds the profiles of the first.

        :param pairs: ids of specialist and service
        """
        profiles = self.env["clinic.visit.profile"]
        profiles.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO clinic_visit_profile (
                       patient_id, specialist_id, service_id, company_id, date_from,
                       date_to, price_mode, price, discount, specialist_share,
                       contract_number, duration, telemedicine, active,
                       create_uid, create_date, write_uid, write_date)
                SELECT patient.id, pair.specialist_id, pair.service_id, %(company)s,
                       %(date_from)s, %(date_to)s, %(price_mode)s, %(price)s,
                       %(discount)s, %(share)s, %(contract)s, 0, FALSE, TRUE,
                       %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM unnest(%(patients)s) AS patient(id)
            CROSS JOIN unnest(%(specialists)s, %(services)s)
                    AS pair(specialist_id, service_id)
              ORDER BY patient.id, pair.specialist_id, pair.service_id
                    ON CONFLICT DO NOTHING
             RETURNING id
                """,
                company=self.env.company.id,
                date_from=self.date_from,
                date_to=self.date_to or None,
                price_mode=self.price_mode,
                price=self.price if self.price_mode == "fixed" else 0,
                discount=self.discount if self.price_mode == "discount" else 0,
                share=self.specialist_share,
                contract=self.contract_number or None,
                uid=self.env.uid,
                now=self.env.cr.now(),
                patients=patients.ids,
                specialists=[specialist for specialist, _service in pairs],
                services=[service for _specialist, service in pairs],
            )
        )
        return profiles.browse(row[0] for row in rows)

    def _show(self, profiles):
        """The list of ``profiles``, or nothing but the end of the dialog."""
        if not profiles:
            return {"type": "ir.actions.act_window_close"}
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "clinic_finance.clinic_visit_profile_action_price"
        )
        return action | {"domain": [("id", "in", profiles.ids)], "context": {}}
