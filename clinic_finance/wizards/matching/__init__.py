from . import clinic_match_undo
