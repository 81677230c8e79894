"""An addon that goes takes no message with it."""

from odoo.tests import tagged

from ..common import MessageCommon


@tagged("post_install", "-at_install")
class TestPurposes(MessageCommon):
    def take_purpose_away(self, *records):
        """As Odoo does when the addon of a purpose is uninstalled."""
        for some in records:
            some._lose_purpose()

    def test_messages_of_a_purpose_that_goes_are_kept(self):
        waiting, unsent, sent = self.queue("+79160000001", "+79160000002", "+7916")
        unsent.state, sent.state = "unsent", "sent"
        self.take_purpose_away(waiting | unsent | sent)
        for message in waiting | unsent:
            self.assertEqual((message.state, message.reason), ("cancelled", "gone"))
        self.assertEqual((sent.state, sent.reason), ("sent", False))
        self.assertEqual(set((waiting | unsent | sent).mapped("purpose")), {"other"})

    def test_a_template_of_a_purpose_that_goes_is_archived_and_comes_anew(self):
        template = self.create_template("Hello")
        name = self.env["ir.model.data"].create(
            {
                "module": "clinic_message",
                "name": "template_that_goes",
                "model": template._name,
                "res_id": template.id,
            }
        )
        self.take_purpose_away(template)
        self.assertFalse(template.active)
        self.assertTrue(template.archive_reason)
        self.assertFalse(name.exists())

    def test_every_purpose_but_the_outboxs_own_says_what_becomes_of_its_messages(self):
        for model in ("clinic.message", "clinic.message.template"):
            field = self.env[model]._fields["purpose"]
            for purpose, _label in field.selection:
                if purpose != "other":
                    self.assertTrue(callable(field.ondelete[purpose]), purpose)

    def test_messages_and_templates_know_the_same_purposes(self):
        [messages, templates] = [
            self.env[model]._fields["purpose"].selection
            for model in ("clinic.message", "clinic.message.template")
        ]
        self.assertEqual(messages, templates)
