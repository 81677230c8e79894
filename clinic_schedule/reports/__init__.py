from . import clinic_day_sheet
