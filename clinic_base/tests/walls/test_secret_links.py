"""Every secret in an address is one of the mixin's, on every model and route."""

from odoo.modules.module import Manifest
from odoo.tests import HttpCase, tagged

from ...tools.secret_link import HEADERS, has_secret
from . import test_hostile_routes

find_routes = test_hostile_routes.TestHostileRoutes.get_routes
fill = test_hostile_routes.TestHostileRoutes.fill
MIXIN = "clinic.secret.link.mixin"
ANY_TEXT = ("string", "default", "unicode", "path")


def _is_ours(modules):
    author = Manifest.for_addon("clinic_base")["author"]
    return bool(modules) and all(
        Manifest.for_addon(module)["author"] == author for module in modules
    )


@tagged("post_install", "-at_install")
class TestSecretLinks(HttpCase):
    def get_links(self):
        return [
            self.env[name]
            for name in self.env.registry.descendants([MIXIN], "_inherit")
            if not self.env[name]._abstract
        ]

    def get_stored(self, word):
        """Own columns with ``word`` in their name, with their models."""
        return [
            (model, field)
            for model in map(self.env.get, self.env.registry)
            for name, field in model._fields.items()
            if word in name and field.store and _is_ours(field._modules)
        ]

    def get_routes(self):
        """Own rules of the routing map."""
        return list(find_routes(self))

    def get_secret_routes(self):
        return [rule for rule in self.get_routes() if has_secret(rule.arguments)]

    def test_every_column_of_a_token_is_the_mixins(self):
        # Mixins on top of it among them.
        links = {MIXIN, *self.env.registry.descendants([MIXIN], "_inherit")}
        mixin = self.env[MIXIN]._fields
        strange = [
            f"{model._name}.{field.name}"
            for model, field in self.get_stored("token")
            if model._name not in links or field.name not in mixin
        ]
        self.assertEqual(strange, [])

    def test_what_is_kept_of_a_token_is_read_by_nobody(self):
        for model in self.get_links():
            for name in ("token_seed", "token_hash"):
                with self.subTest(model=model._name, field=name):
                    field = model._fields[name]
                    self.assertFalse(
                        model.with_user(self.ref("base.user_admin"))._has_field_access(
                            field, "read"
                        )
                    )

    def test_secrets_that_other_sites_gave_us_have_their_groups(self):
        open_to_all = [
            f"{model._name}.{field.name}"
            for model, field in self.get_stored("secret")
            if not field.groups
        ]
        self.assertEqual(open_to_all, [])

    def test_addresses_are_bound_to_their_model_and_seed(self):
        for model in self.get_links():
            with self.subTest(model=model._name):
                self.assertFalse(model._find("guess"))
                self.assertFalse(model._find(""))
        seed = self.env[MIXIN].default_get(["token_seed"])["token_seed"]
        one, *others = (
            model.new({"token_seed": seed})._get_token() for model in self.get_links()
        )
        self.assertNotIn(one, others)
        self.assertGreaterEqual(len(one), 43)

    def test_free_text_in_the_path_of_a_visitors_route_is_a_secret_by_name(self):
        unnamed = [
            rule.rule
            for rule in self.get_routes()
            if rule.endpoint.routing["auth"] in ("public", "none")
            and not has_secret(rule.arguments)
            and any(f"<{kind}:" in rule.rule for kind in ANY_TEXT)
        ]
        self.assertEqual(unnamed, [])

    def test_whatever_is_answered_to_a_secret_path_stays_private(self):
        rules = self.get_secret_routes()
        self.assertTrue(rules)
        for rule in rules:
            with self.subTest(rule=rule.rule):
                post = rule.methods and "GET" not in rule.methods
                is_json = rule.endpoint.routing["type"] == "jsonrpc"
                answer = self.url_open(
                    fill(self, rule, "guess"),
                    method="POST" if post or is_json else "GET",
                    json={"params": {}} if is_json else None,
                )
                for name, value in HEADERS.items():
                    self.assertEqual(answer.headers.get(name), value, name)
