from odoo.tests import BaseCase, tagged

from ...tools.pricing import PriceSources, price_of

# (what is known, price, reason)
TABLE = [
    (PriceSources(3000), 3000, "base"),
    (PriceSources(3000, list_price=2800), 2800, "list"),
    (PriceSources(3000, category_discount=10), 2700, "category"),
    (PriceSources(3000, list_price=2000, category_discount=10), 1800, "category"),
    (
        PriceSources(3000, category_discount=10, profile_mode="list"),
        2700,
        "category",
    ),
    (
        PriceSources(3000, 2000, 10, profile_mode="discount", profile_discount=50),
        1000,
        "profile_discount",
    ),
    (
        PriceSources(3000, 2000, 10, profile_mode="fixed", profile_price=900),
        900,
        "fixed",
    ),
    (PriceSources(3000, profile_mode="fixed", profile_price=0), 0, "fixed"),
    (PriceSources(3000, list_price=0), 0, "list"),
]


@tagged("-at_install", "post_install")
class TestPricing(BaseCase):
    def test_the_first_rule_that_says_something_wins(self):
        for sources, price, reason in TABLE:
            with self.subTest(sources=sources):
                found = price_of(sources)
                self.assertAlmostEqual(found.price, price)
                self.assertEqual(found.reason, reason)
