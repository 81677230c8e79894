from . import clinic_coming_import
