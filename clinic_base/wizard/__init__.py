from . import clinic_archive_wizard
