"""Odoo's doors to the suite's models: nothing sent there is the server's fault."""

import itertools
import json
import xmlrpc.client

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .test_hostile_routes import REFUSALS

ODD = (None, False, "", "x", "\x00", "ы", -1, 0, 1.5, 2**70, [], ["x"], {}, {"x": 1})
METHODS = ("read", "write", "action_archive", "get_timeline", "book", "name", "_read")
LOUD = (
    "odoo.http",
    "odoo.sql_db",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_http",
    "odoo.addons.http_routing.models.ir_http",
    "odoo.addons.rpc.controllers.jsonrpc",
    "odoo.addons.rpc.controllers.xmlrpc",
    "odoo.addons.clinic_base.tools.arguments",
)


@tagged("post_install", "-at_install")
class TestHostileCalls(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(
            cls.env,
            "hostile",
            password="hostile_hostile",
            groups="clinic_base.group_registrar,clinic_base.group_medical",
        )
        keys = cls.env["res.users.apikeys"].with_user(cls.user).sudo()
        cls.key = keys._generate("rpc", "test", None)
        cls.env["clinic.patient"].create({"name": "Иванов Иван"})
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.authenticate("hostile", "hostile_hostile")
        self.faults = []

    def tearDown(self):
        super().tearDown()
        self.assertFalse(
            self.faults, "\n".join(f"{one!r:.200}" for one in self.faults[:9])
        )

    def post(self, path, body, **headers):
        return self.url_open(path, json=body, headers=headers, method="POST")

    def check(self, answer, *sent):
        """Note an answer that is the server's fault; all are told in the end."""
        if answer.status_code >= 500:
            self.faults.append((sent, answer.status_code))
        if answer.headers.get("Content-Type", "").startswith("application/json"):
            told = answer.json()
            if isinstance(told, dict) and isinstance(told.get("error"), dict):
                data = told["error"].get("data") or {}
                if not REFUSALS.match(data.get("name", "")):
                    self.faults.append((sent, data))

    @mute_logger(*LOUD)
    def test_calls_of_the_web_client(self):
        """Wrong in one place at a time, whatever the others are."""
        right = {
            "model": "clinic.patient",
            "method": "read",
            "args": [[1]],
            "kwargs": {},
        }
        for door in ("call_kw", "call_button"):
            path = f"/web/dataset/{door}"
            for name, value in itertools.product(right, ODD):
                params = {**right, name: value}
                self.check(self.post(path, {"params": params}), params)
            for method, ids in itertools.product(METHODS, ODD):
                params = {**right, "method": method, "args": [ids, "\x00", "x"]}
                self.check(self.post(path, {"params": params}), params)
            for context in ODD:
                kwargs = {"context": context}
                self.check(self.post(path, {"params": {**right, "kwargs": kwargs}}))
                kwargs = {"context": {"lang": context, "tz": context}}
                self.check(self.post(path, {"params": {**right, "kwargs": kwargs}}))
                kwargs = {"context": {"allowed_company_ids": context}}
                self.check(self.post(path, {"params": {**right, "kwargs": kwargs}}))
            for body in ({}, {"params": {}}, *({"params": one} for one in ODD), *ODD):
                self.check(self.post(path, body), body)

    @mute_logger(*LOUD)
    def test_calls_with_a_key(self):
        headers = {"Authorization": f"bearer {self.key}"}
        for method, ids in itertools.product(METHODS, ODD):
            path = f"/json/2/clinic.patient/{method}"
            for body in ({"ids": ids}, {"ids": ids, "vals": ids, "fields": ids}, ids):
                self.check(self.post(path, body, **headers), path, body)
        for context in (*ODD, *({"lang": one} for one in ODD)):
            body = {"ids": [1], "context": context}
            path = "/json/2/clinic.patient/read"
            self.check(self.post(path, body, **headers), body)

    @mute_logger(*LOUD)
    def test_signing_in(self):
        self.authenticate(None, None)
        database = self.env.cr.dbname
        for value in ODD:
            for name in ("db", "login", "password"):
                params = {"db": database, "login": "hostile", "password": "x"}
                params[name] = value
                answer = self.post(
                    "/web/session/authenticate", {"params": params | {name: value}}
                )
                self.check(answer, name, value)
            for service, method, arguments in (
                ("common", "login", [database, value, "x"]),
                ("common", "authenticate", [database, value, value, value]),
                ("object", "execute_kw", [database, value, "x", "res.users", "read"]),
                ("object", "execute", [value]),
                (value, "login", []),
                ("common", value, [value]),
            ):
                params = {"service": service, "method": method, "args": arguments}
                self.check(self.post("/jsonrpc", {"params": params}), params)

    @mute_logger(*LOUD)
    def test_calls_of_xml(self):
        """A fault of XML-RPC has a number: 1 is the server's."""
        database, uid = self.env.cr.dbname, self.user.id
        for ids in (False, "x", -1, 0, 1.5, [], ["x"], {}, {"x": 1}):
            for method in METHODS:
                arguments = [database, uid, "hostile_hostile", "clinic.patient", method]
                body = xmlrpc.client.dumps(
                    (*arguments, [ids, "x", "x"]), "execute_kw", allow_none=True
                )
                answer = self.url_open(
                    "/xmlrpc/2/object",
                    data=body.encode(),
                    headers={"Content-Type": "text/xml"},
                )
                with self.assertRaises(xmlrpc.client.Fault) as fault:
                    xmlrpc.client.loads(answer.text)
                    raise xmlrpc.client.Fault(2, "answered")
                if fault.exception.faultCode == 1:
                    self.faults.append((ids, method))

    @mute_logger(*LOUD)
    def test_pages_and_files(self):
        for value in ("x", "%00", "-1", "9" * 30, "%D1%8B", "..", "1-x", "{}"):
            for path in (
                f"/web/image/clinic.patient/{value}/name",
                f"/web/image/clinic.patient/1/{value}",
                f"/web/image/{value}/1/name",
                f"/web/image?model=clinic.patient&id={value}&field={value}",
                f"/web/content?model=clinic.patient&id={value}&field={value}",
                f"/web/content/{value}",
                f"/odoo/{value}",
                f"/odoo/clinic.patient/{value}",
                f"/odoo/action-{value}",
                f"/mail/view?model=clinic.patient&res_id={value}",
                f"/web/export/csv?data={value}",
                f"/web/export/xlsx?data={value}",
                f"/my/invoices/{value}?access_token={value}",
                f"/payment/pay?amount={value}&access_token={value}",
                f"/payment/confirmation?tx_id={value}&access_token={value}",
                f"/calendar/join_videocall/{value}",
                f"/web/action/load?action_id={value}",
            ):
                self.check(self.url_open(path), path)

    @mute_logger(*LOUD)
    def test_actions_exports_and_payments(self):
        for value in ODD:
            transaction = {
                "amount": value,
                "currency_id": value,
                "partner_id": value,
                "access_token": value,
                "flow": "nonsense",
            }
            data = {
                "model": "clinic.patient",
                "fields": value,
                "ids": value,
                "domain": value,
                "groupby": value,
                "import_compat": value,
            }
            for path, params in (
                ("/web/action/load", {"action_id": value, "context": value}),
                ("/web/action/run", {"action_id": value, "context": value}),
                ("/web/export/get_fields", {"model": "clinic.patient", "x": value}),
                ("/web/export/namelist", {"model": value, "export_id": value}),
                ("/payment/transaction", transaction),
                ("/payment/status/poll", {"x": value}),
                ("/mail/data", {"fetch_params": value}),
            ):
                self.check(self.post(path, {"params": params}), path, params)
            for kind in ("csv", "xlsx"):
                for sent in (json.dumps(data), json.dumps(value)):
                    answer = self.url_open(f"/web/export/{kind}", data={"data": sent})
                    self.check(answer, kind, sent)


@tagged("post_install", "-at_install")
class TestReadersLanguage(HttpCase):
    """Programs name no language in their calls; people read what is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ru_RU")
        cls.user = new_test_user(
            cls.env,
            "reader",
            password="reader_reader",
            groups="clinic_base.group_registrar",
            lang="ru_RU",
        )
        keys = cls.env["res.users.apikeys"].with_user(cls.user).sudo()
        cls.key = keys._generate("rpc", "test", None)
        cls.patient = cls.env["clinic.patient"].create({"name": "Иванов Иван"})
        cls.relation = {"patient_id": cls.patient.id, "related_id": cls.patient.id}
        cls.env.flush_all()

    def refuse(self, model, method, *args, **kwargs):
        """What JSON-RPC and JSON-2 say to the same call, without a language."""
        self.authenticate("reader", "reader_reader")
        params = {"model": model, "method": method, "args": args, "kwargs": {}}
        rpc = self.url_open("/web/dataset/call_kw", json={"params": params})
        json2 = self.url_open(
            f"/json/2/{model}/{method}",
            json=kwargs,
            headers={"Authorization": f"bearer {self.key}"},
            method="POST",
        )
        return rpc.json()["error"]["data"]["message"], json2.json()["message"]

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_a_refusal_is_in_the_language_of_the_login(self):
        ids, payer = self.patient.ids, {"payer_id": 1}
        for said in (
            *self.refuse("clinic.patient", "write", ids, payer, ids=ids, vals=payer),
            *self.refuse("clinic.patient", "unlink", ids, ids=ids),
            *self.refuse("clinic.patient", "no_such_method", ids, ids=ids),
            *self.refuse("clinic.patient", "read", ["x"], ids=["x"]),
        ):
            self.assertRegex(said, "[а-я]{4}")

    def test_fields_are_read_and_written_as_before(self):
        self.authenticate("reader", "reader_reader")
        category = self.env["clinic.specialty"].create({"name": "Surgeon"})
        category.with_context(lang="ru_RU").name = "Хирург"
        params = {
            "model": "clinic.specialty",
            "method": "read",
            "args": [category.ids, ["name"]],
            "kwargs": {},
        }
        answer = self.url_open("/web/dataset/call_kw", json={"params": params})
        self.assertEqual(answer.json()["result"][0]["name"], "Surgeon")
