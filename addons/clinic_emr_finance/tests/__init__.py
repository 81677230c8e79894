from . import test_estimate_money
