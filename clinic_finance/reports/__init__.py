from . import clinic_statement_xlsx
