from . import test_money_states
