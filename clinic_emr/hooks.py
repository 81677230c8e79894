from odoo.tools import file_path


def post_init_hook(env):
    """Fill the classifier, so that a first record can be written: all of it in English,
    a sample in Russian too."""
    codes = env["clinic.icd10"]
    codes._import_package()
    codes._import_csv(file_path("clinic_emr/data/icd10_sample.csv"))
