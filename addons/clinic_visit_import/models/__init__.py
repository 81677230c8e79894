from . import clinic_visit_import
