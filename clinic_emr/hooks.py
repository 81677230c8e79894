from odoo.tools import file_path


def post_init_hook(env):
    """Fill the classifier with the sample, so that a first record can be written."""
    env["clinic.icd10"]._import_csv(file_path("clinic_emr/data/icd10_sample.csv"))
