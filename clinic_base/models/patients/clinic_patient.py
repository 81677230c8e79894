from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import ormcache
from odoo.tools.misc import format_date, get_lang

from ...tools import documents
from ...tools.age import format_age, get_age
from ...tools.letters import clean, fold
from ...tools.person_name import NAME_PARTS


class ClinicPatient(models.Model):
    """The non-medical card of a patient.

    It holds no medical data and has no chatter of its own; the fact of being a
    patient is a secret too: a rule hides the partner from users without a clinic role.
    """

    _name = "clinic.patient"
    _description = "Patient"
    _inherit = [
        "clinic.engine.mixin",
        "clinic.archive.mixin",
        "clinic.contact.mixin",
        "clinic.closed.mixin",
        "clinic.payer.mixin",
    ]
    _inherits = {"res.partner": "partner_id"}
    _created_by_engine = False
    # Cards are merged as superuser once it has been checked who merges.
    _engine_is_superuser = True
    _order = "search_name, id"

    partner_id = fields.Many2one(
        # Its unique index serves searches too.
        "res.partner",
        required=True,
        ondelete="restrict",
    )
    active = fields.Boolean(default=True)
    card_number = fields.Char(required=True, readonly=True, copy=False, default="/")
    last_name = fields.Char(string="Family name")
    first_name = fields.Char()
    middle_name = fields.Char(string="Patronymic")
    birthdate = fields.Date(string="Date of birth", index=True)
    deceased_on = fields.Date(
        string="Died on",
        readonly=True,
        copy=False,
        help="Coming visits end, nothing is sent any more. The record is kept.",
    )
    sex = fields.Selection([("male", "Male"), ("female", "Female")])
    age = fields.Integer(compute="_compute_age", help="Full years today.")
    age_text = fields.Char(
        string="Age in words", compute="_compute_age_text", help="Months under a year."
    )
    category_id = fields.Many2one(
        "clinic.patient.category",
        ondelete="restrict",
        index="btree_not_null",
    )
    payer_id = fields.Many2one(
        "res.partner",
        ondelete="restrict",
        index="btree_not_null",
        help="Who pays by default, for instance a parent. Empty: the patient.",
    )
    payer_choice_ids = fields.Many2many(
        "res.partner", compute="_compute_payer_choice_ids"
    )
    payment_source_id = fields.Many2one("clinic.payment.source", ondelete="restrict")
    snils = fields.Char(string="SNILS", index="btree_not_null", copy=False)
    oms_policy = fields.Char(string="OMS policy", index="btree_not_null", copy=False)
    dms_policy = fields.Char(string="DMS policy", index="btree_not_null", copy=False)
    document_type = fields.Selection(
        [
            ("passport", "Passport"),
            ("birth_certificate", "Birth certificate"),
            ("foreign_passport", "Foreign passport"),
            ("other", "Other document"),
        ],
    )
    document_number = fields.Char(index="btree_not_null", copy=False)
    preferred_channel = fields.Selection(
        [("sms", "SMS"), ("email", "E-mail"), ("none", "No messages")],
        required=True,
        default="sms",
    )
    phone_ids = fields.One2many("clinic.patient.phone", "patient_id", string="Phones")
    relation_ids = fields.One2many(
        "clinic.patient.relation", "patient_id", string="Family"
    )
    relation_count = fields.Integer(compute="_compute_relation_count")
    consent_ids = fields.One2many("clinic.consent", "patient_id", string="Consents")
    merged_into_id = fields.Many2one(
        "clinic.patient",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    search_name = fields.Char(
        compute="_compute_search_name", store=True, help="The name as searches see it."
    )

    _card_number_uniq = models.UniqueIndex(
        "(card_number) WHERE card_number <> '/'", "This card number is taken."
    )
    _partner_uniq = models.UniqueIndex(
        "(partner_id)", "This contact already has a patient card."
    )
    _search_name_part = models.Index("USING gin (search_name gin_trgm_ops)")
    # Odoo's databases sort by bytes (collation C): one index serves LIKE 'a%' and the
    # order of lists.
    _search_name_start = models.Index("(search_name, id) WHERE active IS TRUE")
    _birthdate_possible = models.Constraint(
        "CHECK (birthdate IS NULL OR birthdate >= DATE '1880-01-01')",
        "The date of birth cannot lie before 1880.",
    )

    @api.depends("birthdate")
    @api.depends_context("tz")
    def _compute_age(self):
        today = fields.Date.context_today(self, self.env.cr.now())
        for patient in self:
            patient.age = max(patient._get_age_on(today) or 0, 0)

    def _get_age_on(self, day):
        """Full years on ``day`` by the law of the company's country; None if
        unknown."""
        country = self.env.company.country_id.code
        return get_age(self.birthdate, day, country) if self.birthdate else None

    @api.depends("birthdate")
    @api.depends_context("tz", "lang")
    def _compute_age_text(self):
        today = fields.Date.context_today(self, self.env.cr.now())
        locale = get_lang(self.env).code
        for patient in self:
            patient.age_text = patient.birthdate and format_age(
                patient.birthdate, today, locale
            )

    @api.depends("name", "birthdate")
    def _compute_display_name(self):
        for patient in self:
            born = patient.birthdate and patient.birthdate.strftime("%d.%m.%Y")
            patient.display_name = ", ".join(filter(None, (patient.name, born)))

    @api.depends("name")
    def _compute_search_name(self):
        for patient in self:
            patient.search_name = fold(patient.name)

    @api.depends("relation_ids")
    def _compute_relation_count(self):
        counts = dict(
            self.env["clinic.patient.relation"]._read_group(
                [("patient_id", "in", self.ids)], ["patient_id"], ["__count"]
            )
        )
        for patient in self:
            patient.relation_count = counts.get(patient._origin, 0)

    @api.depends(
        *("relation_ids.pays", "relation_ids.related_id", "relation_ids.date_from"),
        *("relation_ids.date_to", "relation_ids.act_ends_on"),
        "payment_source_id",
    )
    def _compute_payer_choice_ids(self):
        """Who may be chosen as the payer today; what is saved is checked again."""
        for patient in self:
            paying = patient.relation_ids._filtered_right("pays")
            patient.payer_choice_ids = (
                paying.related_id.partner_id | patient._get_known_payers()
            )._origin

    @api.constrains("deceased_on", "birthdate")
    def _check_deceased_on(self):
        today = fields.Date.context_today(self, self.env.cr.now())
        for patient in self.filtered("deceased_on"):
            first = patient.birthdate or patient.deceased_on
            if not first <= patient.deceased_on <= today:
                raise ValidationError(
                    self.env._(
                        "The day of death lies between the date of birth and today."
                    )
                )

    @api.constrains("birthdate")
    def _check_birthdate(self):
        today = fields.Date.context_today(self, self.env.cr.now())
        for patient in self:
            if patient.birthdate and patient.birthdate > today:
                raise ValidationError(
                    self.env._("The date of birth cannot lie in the future.")
                )

    @api.onchange("oms_policy", "dms_policy")
    def _onchange_policy(self):
        """Who pays, as on a card with the same policy, else as its kind says."""
        if self.payment_source_id or not (self.dms_policy or self.oms_policy):
            return
        field = "dms_policy" if self.dms_policy else "oms_policy"
        number = self.dms_policy or documents.digits_of(self.oms_policy)
        known = self.search(
            [(field, "=", number), ("id", "!=", self._origin.id or 0)], limit=1
        )
        kind = "insurer" if self.dms_policy else "oms"
        self.payment_source_id = known.payment_source_id or self.env[
            "clinic.payment.source"
        ].search([("kind", "=", kind)], limit=1)
        # A relative who pays for another card is not taken over, an insurer is.
        if not self.payer_id and known.payer_id == self.payment_source_id.partner_id:
            self.payer_id = known.payer_id

    @api.model_create_multi
    def create(self, vals_list):
        prepared = []
        for vals in vals_list:
            vals = self._prepare_document_vals(self._prepare_name_vals(vals))
            vals = self._prepare_language_vals(self._prepare_phone_vals(vals))
            number = clean(vals.get("card_number"))
            vals["card_number"] = number
            if number in ("", "/"):
                vals["card_number"] = self._next_card_number()
            else:
                self._push_card_numbers([vals["card_number"]])
            prepared.append(vals)
        patients = super().create(prepared)
        # Written apart: the flag hides the partner, which its creator may just see.
        patients.sudo().partner_id.write({"is_clinic_patient": True})
        patients._sync_partner_phone()
        return patients

    def write(self, vals):
        vals = self._prepare_document_vals(vals, self[:1])
        if "card_number" in vals:
            vals = {**vals, "card_number": self._check_card_number(vals["card_number"])}
        dying = vals.get("deceased_on") and self.filtered(lambda p: not p.deceased_on)
        if not vals.keys() & {"name", *NAME_PARTS}:
            super().write(vals)
        else:
            for patient in self:
                own = self._prepare_name_vals(vals, patient)
                super(ClinicPatient, patient).write(own)
        if "birthdate" in vals:
            # Parents pay until the patient is of age.
            self._after_payers_change()
        if dying:
            dying._settle_ties()
        if "merged_into_id" in vals:
            self.env.registry.clear_cache()
        return True

    # === WHO PAYS === #

    def _get_paid_patients(self):
        return self

    def _get_known_payers(self):
        self.ensure_one()
        return self.payment_source_id.partner_id | self.partner_id

    def _get_payer(self, day=None):
        """Who pays by default on ``day`` (default: the company's today): the card's
        payer as long as they may, else the patient."""
        payer = self.payer_id
        if not payer:
            return self.partner_id
        lasts = payer in self._get_known_payers() or self._is_paid_by(payer, day)
        return payer if lasts else self.partner_id

    def _is_paid_by(self, partner, day=None):
        """Whether a relative of the card, ``partner``, pays on ``day``."""
        # Sudo: a yes or no; who of the family has which right is not told.
        relations = self.sudo().relation_ids.filtered("active")
        paying = relations._filtered_right("pays", day)
        return partner in paying.related_id.partner_id

    def _after_payers_change(self):
        """Hook: relatives may pay for ``self`` on other days than before."""

    def action_add_payer(self):
        """Ask who of the family pays; then they can be chosen as the payer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Relative who pays"),
            "res_model": "clinic.patient.relation",
            "views": [
                (
                    self.env.ref("clinic_base.clinic_patient_relation_payer_form").id,
                    "form",
                )
            ],
            "target": "new",
            "context": {"default_patient_id": self.id, "default_pays": True},
        }

    # === CARD === #

    def _is_addressed(self):
        """Whether anything may be written to the patient."""
        return self.active and not self.deceased_on

    @api.model
    def _get_merge_fields(self):
        """Hook: names of the fields that a merged card fills where the kept is blank;
        kinds before what hangs on them."""
        return [
            *("middle_name", "birthdate", "sex", "snils", "oms_policy", "dms_policy"),
            *("document_type", "document_number", "category_id", "payment_source_id"),
            *("payer_id", "email", "zip", "city", "street"),
        ]

    def _get_merge_summary(self):
        """Hook: [(label, text, whether another text would tell two people apart)] of
        what is compared before two cards become one; labels are the same for all."""
        self.ensure_one()
        kinds = dict(self.consent_ids._fields["kind"]._description_selection(self.env))
        sexes = dict(self._fields["sex"]._description_selection(self.env))
        phones = ", ".join(self.phone_ids.mapped("number_e164"))
        family = ", ".join(self.relation_ids.related_id.mapped("name"))
        consented = ", ".join(sorted(kinds[kind] for kind in self._get_given_kinds()))
        born = format_date(self.env, self.birthdate)
        return [
            (self.env._("Card"), self.card_number, False),
            (self.env._("Name"), self.name, True),
            (self.env._("Date of birth"), born, True),
            (self.env._("Sex"), sexes.get(self.sex, ""), True),
            (self.env._("Phones"), phones, True),
            (self.env._("E-mail"), self.email or "", True),
            (self.env._("SNILS"), self.snils or "", True),
            (self.env._("OMS policy"), self.oms_policy or "", True),
            (self.env._("DMS policy"), self.dms_policy or "", True),
            (self.env._("Document"), self.document_number or "", True),
            (self.env._("Family"), family, True),
            (self.env._("Consents"), consented, False),
            (self.env._("Made on"), format_date(self.env, self.create_date), False),
        ]

    def _get_kept(self):
        """The cards that ``self`` have become by merging; others are themselves."""
        kept = self.with_context(active_test=False)
        while merged := kept.filtered("merged_into_id"):
            kept = (kept - merged) | merged.merged_into_id
        return kept.with_env(self.env)

    @api.model
    @ormcache()
    def _has_merged(self):
        """Whether any card was ever merged into another one; asked at each booking."""
        cards = self.sudo().with_context(active_test=False)
        return bool(cards.search([("merged_into_id", "!=", False)], limit=1))

    @api.model
    def _get_of_partner(self, partner):
        """The card of whoever signs in as ``partner``, the kept one after a merge."""
        card = self.with_context(active_test=False).search(
            [("partner_id", "=", partner.id)], limit=1
        )
        return card._get_kept().filtered("active").with_env(self.env)

    def _get_aliases(self):
        """``self`` and the cards that were merged into them."""
        return self | self.with_context(active_test=False).search(
            [("merged_into_id", "in", self.ids)]
        ).with_env(self.env)

    @api.model
    def _get_engine_fields(self):
        """Whose card it is: merging decides that, and the contact stays its own."""
        return frozenset({"merged_into_id", "partner_id", "closed"})

    @api.model
    def _get_creation_fields(self):
        return frozenset({"partner_id"})

    @api.model
    def _prepare_language_vals(self, vals):
        """A new person is written to in the language of the company that registers
        them; a contact that is there already keeps its own."""
        if vals.get("lang") or vals.get("partner_id"):
            return vals
        # A registrar need not read the company's contact.
        return {**vals, "lang": self.env.company.sudo().partner_id.lang}

    @api.model
    def _prepare_phone_vals(self, vals):
        """Phones given as the contact's become phones of the card.

        :raises ValidationError: something in it is no telephone number
        """
        if not vals.get("phone") or vals.get("phone_ids"):
            return vals
        phones = self.env["clinic.patient.phone"]._read_numbers(vals["phone"])
        commands = [
            Command.create(
                {
                    "number_e164": phone.e164,
                    "primary": not place,
                    "note": phone.note or False,
                }
            )
            for place, phone in enumerate(phones)
        ]
        return {**vals, "phone_ids": commands}

    def _sync_partner_phone(self):
        """The contact shows the primary phone, or the first; Odoo knows only one."""
        phones = self.env["clinic.patient.phone"].search(
            [("patient_id", "in", self.ids)]
        )
        for patient in self:
            own = phones.filtered(lambda p, patient=patient: p.patient_id == patient)
            number = own[:1]._get_readable_number()
            # Not by the card's own field: while the card is being created, Odoo keeps
            # an assignment to an inherited field from the contact.
            if patient.partner_id.phone != number:
                patient.partner_id.phone = number

    # === DOCUMENTS === #

    @api.model
    def _prepare_document_vals(self, vals, patient=None):
        """Numbers as people write them; raises ValidationError for bad ones."""
        kind = vals.get("document_type") or (patient and patient.document_type)
        changed = {
            name: self._format_document(name, form, vals[name])
            for name, form in self._get_document_formats(kind).items()
            if vals.get(name)
        }
        return {**vals, **changed}

    @api.model
    def _get_document_formats(self, kind):
        """{field: how its number is kept}; ``kind`` is of the document."""
        formats = {
            "snils": documents.format_snils,
            "oms_policy": documents.format_oms_policy,
        }
        if kind in documents.FORMATS:
            formats["document_number"] = documents.FORMATS[kind]
        return formats

    @api.model
    def _format_document(self, name, form, text):
        try:
            return form(text)
        except ValueError as error:
            label = self._fields[name]._description_string(self.env)
            raise ValidationError(
                self.env._(
                    "%(label)s “%(text)s”: %(reason)s",
                    label=label,
                    text=text,
                    reason=self._get_document_reasons()[str(error)],
                )
            ) from error

    def _get_document_reasons(self):
        return {
            documents.WRONG_LENGTH: self.env._("the number of digits is wrong."),
            documents.WRONG_CHECK_DIGIT: self.env._(
                "the check digits do not fit; please compare with the document."
            ),
            documents.WRONG_FORM: self.env._("expected like IV-АБ 123456."),
        }

    # === ACTIONS === #

    def action_note_death(self):
        """Ask for the day, and say what ends with it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("The patient has died"),
            "res_model": "clinic.patient.death",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_patient_id": self.id},
        }

    def _get_ended_action(self):
        """Hook: the list of what has ended, for the desk."""
        return self.action_open_card()

    def action_open_card(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "clinic.patient",
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_open_family(self):
        """The relative's card, or all of them where there are several."""
        self.ensure_one()
        relatives = self.relation_ids.related_id
        if len(relatives) == 1:
            return relatives.action_open_card()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Family of %(name)s", name=self.name),
            "res_model": "clinic.patient",
            "views": [(False, "kanban"), (False, "list"), (False, "form")],
            "domain": [("id", "in", relatives.ids)],
        }
