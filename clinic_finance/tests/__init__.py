from .charges import (
    test_analytic,
    test_charge,
    test_charge_correction,
    test_fees,
    test_money_by_hand,
    test_payer_days,
    test_payer_follow,
)
from .invoicing import (
    test_invoicing,
    test_joint,
    test_merged_money,
    test_online_payment,
    test_opening_balances,
    test_paid,
    test_payment_link,
    test_posted_by_hand,
    test_prepayment,
    test_prepayment_parallel,
    test_revenue,
    test_statement,
    test_transaction_by_hand,
)
from .matching import (
    test_matching,
    test_matching_parallel,
    test_reconciliation_access,
)
from .model import (
    test_money_states,
)
from .pricing import (
    test_packages,
    test_pricing,
    test_profiles,
    test_profiles_open,
    test_profiles_parallel,
    test_shares,
)
from .receipts import (
    test_personal_data,
    test_receipts,
    test_receipts_credit,
    test_receipts_restored,
    test_receipts_told,
    test_refund,
    test_vat,
)
