from odoo import models

from odoo.addons.clinic_base.fields import EncryptedJson


class ClinicEncounter(models.Model):
    """What things were called when a protocol was signed, in every language.

    Classifiers are brought up to date, and who has the database can rename what a
    code stands for; a signed protocol keeps saying what was signed.
    """

    _inherit = "clinic.encounter"

    signed_titles = EncryptedJson(
        readonly=True,
        help='{"diagnoses": {code: {language: title}}, "observations": the same}',
    )

    def _prepare_signed_titles(self):
        self.ensure_one()
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        types = self.observation_ids.type_id
        return {
            "diagnoses": {
                one.code: {lang: one.with_context(lang=lang).name for lang in langs}
                for one in self.diagnosis_ids.icd10_id
            },
            "observations": {
                one.code: {
                    lang: one.with_context(lang=lang)._get_printed_name()
                    for lang in langs
                }
                for one in types
            },
        }

    def _get_signed_title(self, kind, code):
        """What ``code`` was called in the reader's language, or in the first known;
        None in drafts, and where nothing was kept."""
        titles = self.state != "draft" and self.signed_titles or {}
        by_lang = titles.get(kind, {}).get(code) or {}
        return by_lang.get(self.env.lang) or next(iter(by_lang.values()), None)
