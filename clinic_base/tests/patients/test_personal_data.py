import base64
import io

from PIL import Image
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common import ClinicCommon

# Stored texts that people do not write about a person: numbers, codes, keys, states,
# names of kinds. Whoever adds another text to a model that points to patients declares
# it in ``_get_personal_fields``, or here.
NEUTRAL = frozenset(
    """
    clinic_opening_key access_token amount_string analytic_distribution
    archive_reason card_number
    clock_before code content_hash extra_tax_data field_revisions filled
    fiscal_document fiscal_sign fiscal_storage gateway gateway_ref
    global_location_number group_key hour_from hour_to import_key inalterable_hash
    incoterm_location internal_index invoice_edi_format_store invoice_origin
    invoice_pdf_report_file key external_id label matching_number measure move_name
    moves name occasion payment_reference peppol_endpoint provider_ref
    provider_reference reconcile_data ref reference result sequence_prefix signup_type
    site_key token_hash token_seed transaction_type ubl_cii_xml_file unique_import_id
    version yookassa_key yookassa_reference yookassa_url account_prefix old new
    """.split()
)


def make_picture():
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue())


class TracesMixin:
    """Looks for what somebody was called in everything that the database holds."""

    def find_traces(self, *words):
        """Tables with a row that holds one of ``words``, in the whole database."""
        self.env.flush_all()
        tables = self.env.execute_query(
            SQL(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace"
            )
        )
        return [
            (table, word)
            for (table,) in tables
            for word in words
            if self.env.execute_query(
                SQL(
                    "SELECT FROM %(table)s"
                    " WHERE %(table)s::text ILIKE %(word)s LIMIT 1",
                    table=SQL.identifier(table),
                    word=f"%{word}%",
                )
            )
        ]


@tagged("post_install", "-at_install")
class TestPersonalData(TracesMixin, ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref("base.ru")
        cls.manager = cls.get_user("clinic_manager")
        cls.registrar = cls.get_user("registrar")
        cls.chief = cls.get_user("registrar_chief")
        cls.patient = cls.make_patient(
            "Забывайко Пелагея Никодимовна",
            birthdate="1985-03-07",
            phone="89167001122",
            email="pelageya@example.org",
            snils="087-654-303 00",
            street="Тихая 7",
        )

    def as_manager(self, patient=None):
        return (patient or self.patient).with_user(self.manager)

    def find(self, user, text="Забывайко"):
        return (
            self.env["clinic.patient"]
            .with_user(user)
            .search([("display_name", "ilike", text), ("active", "in", (True, False))])
        )

    def change(self, kind, **vals):
        change = self.env["clinic.personal.change"].with_user(self.manager)
        return change.create({"patient_id": self.patient.id, "kind": kind, **vals})

    # === BLOCKED === #

    def test_ids_and_numbers_open_no_blocked_card_either(self):
        phone = self.patient.phone_ids
        self.as_manager()._block("request")
        self.env.invalidate_all()
        for user in (self.registrar, self.chief):
            card = self.patient.with_user(user)
            for records, names in (
                (card, ["name", "birthdate", "snils"]),
                (phone.with_user(user), ["number_e164"]),
                (self.patient.partner_id.with_user(user), ["name", "phone"]),
            ):
                with self.subTest(f"{user.login} {records._name}"):
                    with self.assertRaises(AccessError):
                        records.read(names)
                    with self.assertRaises(AccessError):
                        records.web_read({name: {} for name in names})
                    with self.assertRaises(AccessError):
                        records.write({"active": True})
                    everything = records.browse().with_context(active_test=False)
                    domain = [(names[0], "in", records.sudo().mapped(names[0]))]
                    self.assertFalse(everything.search(domain))
                    self.assertFalse(everything.search_count(domain))
            self.assertTrue(card.read(["display_name"])[0]["display_name"])
        self.assertEqual(
            self.as_manager().read(["snils"])[0]["snils"], "087-654-303 00"
        )
        self.assertTrue(phone.with_user(self.manager).read(["number_e164"]))

    def test_nobody_but_the_management_finds_who_is_blocked(self):
        self.assertEqual(self.find(self.registrar), self.patient)
        self.change("block", note="№ 17").action_confirm()
        self.assertFalse(self.find(self.registrar))
        self.assertFalse(self.find(self.chief, "9167001122"))
        self.assertEqual(self.find(self.manager), self.patient)
        self.assertFalse(self.patient._is_addressed())
        names = self.env["clinic.patient"].with_user(self.registrar)
        self.assertFalse(names.with_context(active_test=False).name_search("Забывайко"))
        # Rows of the past still name whom they were for.
        self.assertTrue(self.patient.with_user(self.registrar).display_name)

    def test_the_contact_and_the_login_are_closed_with_the_card(self):
        partner = self.patient.partner_id
        portal = self.env["res.users"].create(
            {
                "login": "pelageya@example.org",
                "partner_id": partner.id,
                "group_ids": [(6, 0, [self.env.ref("base.group_portal").id])],
            }
        )
        staff = self.env["clinic.patient"].create(
            {"partner_id": self.registrar.partner_id.id}
        )
        self.as_manager()._block("request")
        self.as_manager(staff)._block("request")
        contacts = self.env["res.partner"].with_user(self.registrar)
        self.assertFalse(contacts.search([("name", "ilike", "Забывайко")]))
        self.assertFalse(portal.active)
        self.assertTrue(self.registrar.active and self.registrar.partner_id.active)
        self.as_manager()._lift_block("request", "№ 23")
        self.assertTrue(contacts.search([("name", "ilike", "Забывайко")]))
        self.assertFalse(portal.active)

    def test_only_the_manager_blocks_lifts_and_erases(self):
        for user in (self.registrar, self.chief, self.get_user("clinic_admin")):
            card = self.patient.with_user(user)
            for act in (
                lambda card=card: card._block("request"),
                lambda card=card: card._lift_block("request", "№ 1"),
                lambda card=card: card._erase("request"),
                card.action_block,
                card.action_erase,
            ):
                with self.assertRaises(AccessError):
                    act()
        with self.assertRaises(AccessError):
            self.env["clinic.personal.act"].with_user(self.chief).search([])

    def test_a_block_is_lifted_with_a_reason(self):
        self.as_manager()._block("request")
        with self.assertRaises(UserError):
            self.as_manager()._block("request")
        with self.assertRaises(UserError):
            self.as_manager()._lift_block("request", "")
        self.as_manager()._lift_block("request", "№ 18")
        self.assertTrue(self.patient.active)
        self.assertEqual(self.find(self.registrar), self.patient)
        self.assertEqual(self.patient.act_ids.mapped("kind"), ["lift", "block"])
        with self.assertRaises(UserError):
            self.as_manager()._lift_block("request", "№ 19")

    def test_a_blocked_card_is_opened_by_no_other_way(self):
        self.as_manager()._block("consent")
        for user in (self.registrar, self.manager):
            self.assert_stays_closed(user)
        with self.assertRaises(UserError):
            self.patient.with_user(self.manager).closed = False

    def test_a_blocked_card_is_neither_merged_nor_given_back(self):
        twin = self.make_patient("Забывайко Пелагея", birthdate="1985-03-07")
        merges = self.env["clinic.patient.merge"].with_user(self.chief)
        merge = merges._merge(self.patient, twin)
        self.as_manager()._block("request")
        self.assertEqual(twin.closed, "blocked")
        with self.assertRaises(UserError):
            merge.action_undo()
        third = self.make_patient("Забывайко П.", birthdate="1985-03-07")
        with self.assertRaises(UserError):
            merges._merge(third, self.patient)
        self.as_manager()._lift_block("request", "№ 20")
        self.assertFalse(twin.active)
        self.assertEqual(twin.merged_into_id, self.patient)

    def test_an_act_holds_nothing_of_the_person(self):
        for note in (
            "по письму Забывайко",
            "звонила с 8 916 700-11-22",
            "письмо с Pelageya@example.org",
        ):
            with self.assertRaises(ValidationError):
                self.as_manager()._block("request", note)

    def test_nobody_changes_an_act(self):
        self.as_manager()._block("request", "№ 21")
        act = self.patient.act_ids
        with self.assertRaises(AccessError):
            act.with_user(self.manager).note = "x"
        with self.assertRaises(UserError):
            act.sudo().note = "x"
        with self.assertRaises(UserError):
            act.sudo().unlink()

    # === ERASED === #

    def test_whoever_works_here_or_pays_for_others_is_not_erased(self):
        child = self.make_patient("Забывайко Лев", birthdate="2020-01-01")
        self.env["clinic.patient.relation"].create(
            {
                "patient_id": child.id,
                "related_id": self.patient.id,
                "kind": "mother",
                "pays": True,
            }
        )
        child.payer_id = self.patient.partner_id
        change = self.change("erase")
        self.assertIn(child.card_number, change.retained)
        with self.assertRaises(UserError):
            change.action_confirm()
        self.assertEqual(self.patient.last_name, "Забывайко")
        staff = self.env["clinic.patient"].create(
            {"partner_id": self.registrar.partner_id.id}
        )
        with self.assertRaises(UserError):
            self.as_manager(staff)._erase("request")

    def test_nothing_of_an_erased_person_is_stored_anywhere(self):
        patient, partner = self.patient, self.patient.partner_id
        twin = self.make_patient(
            "Забывайко Пелагея", birthdate="1985-03-07", phone="89167001120"
        )
        self.env["clinic.patient.merge"].with_user(self.chief)._merge(patient, twin)
        relative = self.make_patient("Сидорова Анна")
        self.env["clinic.patient.relation"].create(
            {"patient_id": patient.id, "related_id": relative.id, "kind": "mother"}
        )
        self.env["clinic.consent"].create(
            {
                "patient_id": patient.id,
                "kind": "treatment",
                "scan": base64.b64encode("Забывайко согласна".encode()),
                "scan_name": "Забывайко.pdf",
            }
        )
        patient.image_1920 = make_picture()
        patient.action_export_data()
        said = "Пелагея Забывайко звонила"
        partner.message_post(body=said, subject=said)
        partner.with_context(tracking_disable=False).write(
            {"email": "zabyvayko@example.org", "comment": "любит Пелагею"}
        )
        portal = self.env["res.users"].create(
            {
                "login": "pelageya@example.org",
                "partner_id": partner.id,
                "group_ids": [(6, 0, [self.env.ref("base.group_portal").id])],
                "signature": "<p>Пелагея</p>",
            }
        )
        run = self.env["clinic.patient.import"].create({"name": "old.csv"})
        self.env["clinic.patient.import.reject"].create(
            {
                "import_id": run.id,
                "line": 2,
                "reason": "snils",
                "text": "Забывайко Пелагея;8(916)700-11-22",
            }
        )
        self.env.flush_all()
        attachments = self.env["ir.attachment"].search(
            [("res_model", "in", ("clinic.patient", "res.partner", "clinic.consent"))]
        )
        self.change("erase", ground="consent", note="№ 22").action_confirm()
        self.assertEqual(self.find_traces("Забывайк", "Пелаге", "9167001122"), [])
        self.assertEqual(
            self.find_traces("700-11-22", "pelageya@", "zabyvayko", "087-654-303"), []
        )
        self.assertFalse(
            attachments.exists().filtered(
                lambda one: one.res_id in (patient.id, partner.id)
            )
        )
        self.assertEqual((patient | twin).mapped("closed"), ["erased"] * 2)
        self.assertFalse(patient.birthdate or patient.sex or patient.active)
        self.assertFalse(portal.active)
        self.assertTrue(partner.exists() and partner.is_clinic_patient)
        act = patient.act_ids
        self.assertEqual((act.kind, act.ground), ("erase", "consent"))
        self.assertEqual(act.user_id, self.manager)
        self.assertIn("1", act.kept)
        with self.assertRaises(UserError):
            self.as_manager()._erase("request")
        self.assert_stays_closed(self.registrar)

    def assert_stays_closed(self, user):
        """The database refuses it, whatever the way; who is no manager is refused
        before."""
        refusal = CheckViolation if user == self.manager else AccessError
        for card, error in (
            (self.patient.with_user(user), refusal),
            (self.patient.sudo(), CheckViolation),
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(error),
                self.env.cr.savepoint(),
            ):
                card.write({"active": True})
                self.env.flush_all()

    def test_every_text_that_may_hold_a_person_is_declared(self):
        declared = self.env["clinic.patient"]._get_personal_fields()
        missing = [
            f"{model._name}.{field.name}"
            for model in self.env.values()
            if not (model._abstract or model._transient)
            and model._auto
            # Acts refuse what tells of the person.
            and model._name != "clinic.personal.act"
            and self.points_to_patients(model)
            for field in model._fields.values()
            if field.store
            and field.type in ("char", "text", "html", "json", "binary")
            and field.name not in NEUTRAL
            and not any(
                field.name in values
                for values in declared.get(model._name, {}).values()
            )
        ]
        self.assertEqual(missing, [])

    def points_to_patients(self, model):
        return model._name != "res.partner" and any(
            field.type == "many2one"
            and field.store
            and field.comodel_name == "clinic.patient"
            for field in model._fields.values()
        )
