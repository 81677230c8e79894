from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ...fields import encrypted_fields
from ...tools.retention import keep_years_after

# Where something has to stand.
BLANK = "–"
PICTURES = tuple(f"image_{size}" for size in (1920, 1024, 512, 256, 128))


class ClinicPatient(models.Model):
    """A person whose data nothing keeps any more is overwritten; the empty row stays
    with what refers to it, and an act says so (152-ФЗ, art. 21 (4) and (5))."""

    _inherit = "clinic.patient"

    # === WHAT KEEPS IT === #

    def _get_retained(self):
        """Hook: sentences about what keeps the data of ``self`` (all cards of a person,
        as superuser), and until when. Whoever has something that the law or an open
        matter keeps extends it."""
        reasons = []
        if self.partner_id.with_context(active_test=False).user_ids.filtered(
            lambda user: not user.share
        ):
            reasons.append(self.env._("The person works here."))
        paid = self.search([("payer_id", "in", self.partner_id.ids)]) - self
        if paid:
            reasons.append(
                self.env._(
                    "The person pays for others: %(cards)s.",
                    cards=", ".join(paid.mapped("card_number")),
                )
            )
        last = self._get_last_entry()
        [(years,)] = self.env["res.company"]._read_group(
            [], [], ["clinic_record_years:max"]
        )
        until = last and keep_years_after(last, years)
        if until and until >= fields.Date.context_today(self, self.env.cr.now()):
            reasons.append(
                self.env._(
                    "Visits and the medical record, until %(until)s: %(years)s years"
                    " after the last entry of %(last)s.",
                    until=format_date(self.env, until),
                    years=years,
                    last=format_date(self.env, last),
                )
            )
        return reasons

    def _get_last_entry(self):
        """Hook: the day (UTC) of the last visit or entry of the medical record; None.

        When a medical row was made is asked of the database: nothing of it is read.
        """
        days = [
            self.env.execute_query(
                SQL(
                    "SELECT max(create_date)::date FROM %s WHERE patient_id = ANY(%s)",
                    SQL.identifier(self.env[name]._table),
                    self.ids,
                )
            )[0][0]
            for name in self._get_sealed_fields()
        ]
        return max(filter(None, days), default=None)

    # === ERASING === #

    def action_erase(self):
        """Ask on what grounds, and say what keeps the data, if anything does."""
        return self._ask_for_act("erase", self.env._("Erase the person's data"))

    def _erase(self, ground, note=False):
        """Overwrite what all cards of the person hold and what was said of them.

        :raises AccessError: for anyone but the clinic's manager
        :raises UserError: something keeps it (says what), or it is erased already
        """
        cards = self._lock_person()
        cards._check_note(note)
        if "erased" in cards.mapped("closed"):
            raise UserError(self.env._("This card is blocked or erased already."))
        if reasons := cards._get_retained():
            raise UserError("\n".join(reasons))
        reason = self.env._("Personal data are erased")
        cards.filtered("active").archive_with_reason(reason)
        cards.write({"closed": "erased", "archive_reason": reason})
        # Whoever works on the card, and has not written yet, writes first.
        self.env.flush_all()
        rows = cards._overwrite_rows()
        cards._end_ties_of_erased()
        self.env["clinic.personal.act"]._note(
            cards,
            kind="erase",
            ground=ground,
            note=note,
            kept=self._describe_kept(rows),
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    @api.model
    def _get_personal_fields(self):
        """Hook: {model: {link: {field: value}}}, all stored fields that may hold
        something of a person, and what is written instead: None for nothing, or a
        statement over the row.

        ``link`` leads to the card, its contact or its login; ``id`` is the row itself.
        Models that are not installed are left out.
        """
        words = ("last_name", "first_name", "middle_name", "search_name", "birthdate")
        numbers = ("snils", "oms_policy", "dms_policy", "document_number")
        kinds = ("sex", "document_type", "category_id", "payer_id", "deceased_on")
        address = ("street", "street2", "zip", "city", "state_id", "country_id")
        ways = ("email", "email_normalized", "phone", "phone_sanitized", "website")
        texts = ("comment", "function", "ref", "vat", "barcode", "company_registry")
        names = ("company_name", "commercial_company_name")
        erased = self.env._("Erased person")
        return {
            **self._get_sealed_fields(),
            **self._get_told_fields(),
            "clinic.patient": {
                "id": dict.fromkeys((*words, *numbers, *kinds, "payment_source_id"))
            },
            "res.partner": {
                "id": {
                    "name": erased,
                    "complete_name": erased,
                    "active": False,
                    **dict.fromkeys((*address, *ways, *texts, *names, *PICTURES)),
                }
            },
            "res.users": {
                "partner_id": {
                    "login": SQL("'erased-' || id"),
                    "active": False,
                    "signature": None,
                }
            },
            "res.partner.bank": {
                "partner_id": dict.fromkeys(("acc_holder_name", "note"))
                | {
                    "acc_number": SQL("'–' || id"),
                    "sanitized_acc_number": SQL("'–' || id"),
                }
            },
            "clinic.patient.phone": {
                "patient_id": {
                    "number_e164": BLANK,
                    "active": False,
                    **dict.fromkeys(("note", "related_id", "verified_on")),
                }
            },
            "clinic.consent": {"patient_id": dict.fromkeys(("scan", "scan_name"))},
            "mail.message": {
                "author_id": dict.fromkeys(
                    ("email_from", "reply_to", "body", "subject")
                )
            },
            "mail.notification": {
                "res_partner_id": dict.fromkeys(
                    ("mail_email_address", "failure_reason")
                )
            },
        }

    @api.model
    def _get_sealed_fields(self):
        """What is encrypted of a medical record whose time is over."""
        return {
            name: {"patient_id": dict.fromkeys(f.name for f in encrypted_fields(model))}
            for name, model in self.env.items()
            if not model._abstract
            and "patient_id" in model._fields
            and model._fields["patient_id"].store
            and encrypted_fields(model)
        }

    @api.model
    def _get_told_fields(self):
        """What models of the rooms above say of themselves by ``_personal_texts``:
        {link: names of fields}."""
        return {
            name: {link: dict.fromkeys(names) for link, names in texts.items()}
            for name, model in self.env.items()
            if (texts := getattr(model, "_personal_texts", None))
        }

    def _overwrite_rows(self):
        """{model: ids of the rows that were overwritten}, with their attachments and
        what was said below them."""
        for model in self.env.values():
            model._forget_person(self)
        people = {
            "clinic.patient": self.ids,
            "res.partner": self.partner_id.ids,
            "res.users": self.partner_id.with_context(active_test=False).user_ids.ids,
        }
        found = {}
        for name, links in self._get_personal_fields().items():
            model = self.env.get(name)
            if model is None:
                continue
            for link, values in links.items():
                own = name if link == "id" else model._fields[link].comodel_name
                ids = self._overwrite(model, link, people[own], values)
                found.setdefault(name, set()).update(ids)
        for name, ids in found.items():
            self._drop_what_hangs_below(name, list(ids))
        return found

    @api.model
    def _overwrite(self, model, link, ids, values):
        """Ids of the rows of ``model`` whose ``link`` is one of ``ids``.

        By SQL: nothing may refuse it, follow it or note what stood there before.
        """
        columns = {
            name: self._get_blank(model._fields[name], value)
            for name, value in values.items()
            if name in model._fields and model._fields[name].column_type
        }
        table, where = SQL.identifier(model._table), SQL.identifier(link)
        rows = self.env.execute_query(
            SQL("SELECT id FROM %s WHERE %s = ANY(%s)", table, where, ids)
        )
        found = [row_id for (row_id,) in rows]
        if found and columns:
            changes = SQL(", ").join(
                SQL("%s = %s", SQL.identifier(name), value)
                for name, value in columns.items()
            )
            self.env.execute_query(
                SQL("UPDATE %s SET %s WHERE id = ANY(%s)", table, changes, found)
            )
        for field in encrypted_fields(model):
            if field.required and field.name in values:
                self._seal_blank(model, field, found)
        return found

    @api.model
    def _get_blank(self, field, value):
        if value is not None or not field.required:
            return value
        return SQL.identifier(field.name) if field.type == "binary" else BLANK

    @api.model
    def _seal_blank(self, model, field, ids):
        """A seal is bound to its row."""
        for record in model.browse(ids):
            self.env.execute_query(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s",
                    SQL.identifier(model._table),
                    SQL.identifier(field.name),
                    field.convert_to_column(BLANK, record),
                    record.id,
                )
            )

    @api.model
    def _drop_what_hangs_below(self, model, ids):
        """Files, pictures and copies that were handed out; talk and old values."""
        self.env["ir.attachment"].search(
            [
                ("res_model", "=", model),
                ("res_id", "in", ids),
                ("res_field", "!=", None),
            ]
        ).unlink()
        self.env["ir.attachment"].search(
            [("res_model", "=", model), ("res_id", "in", ids)]
        ).unlink()
        talk = SQL(
            "SELECT id FROM mail_message WHERE model = %s AND res_id = ANY(%s)",
            model,
            ids,
        )
        self.env.execute_query(
            SQL("DELETE FROM mail_tracking_value WHERE mail_message_id IN (%s)", talk)
        )
        self.env.execute_query(
            SQL(
                "UPDATE mail_mail SET body_html = NULL, email_to = NULL,"
                " email_cc = NULL WHERE mail_message_id IN (%s)",
                talk,
            )
        )
        self.env.execute_query(
            SQL(
                "UPDATE mail_message SET body = NULL, subject = NULL WHERE id IN (%s)",
                talk,
            )
        )

    def _end_ties_of_erased(self):
        """Whose family it was is told by nothing any more."""
        self.env.execute_query(
            SQL(
                "UPDATE clinic_patient_relation SET active = FALSE, kind = 'other'"
                " WHERE patient_id = ANY(%(ids)s)"
                " OR related_id = ANY(%(ids)s)",
                ids=self.ids,
            )
        )
        # Of the login nothing is left that opens a door; Odoo has no field for it.
        self.env.execute_query(
            SQL(
                "UPDATE res_users SET password = NULL WHERE partner_id = ANY(%s)",
                self.partner_id.ids,
            )
        )
        self.env["clinic.patient.duplicate"]._forget(self)

    @api.model
    def _describe_kept(self, rows):
        """What stays without data, since other rows refer to it: kinds and numbers."""
        names = {
            model: self.env["ir.model"]._get(model).sudo().name
            for model, ids in rows.items()
            if ids
        }
        return "\n".join(
            f"{name}: {len(rows[model])}" for model, name in sorted(names.items())
        )
