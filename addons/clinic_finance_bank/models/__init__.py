from . import account_bank_statement_line
from . import account_bank_statement_line_find
from . import account_journal
from . import clinic_match
from . import clinic_receipt
from . import res_company
from . import res_config_settings
from . import res_partner
