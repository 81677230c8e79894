from . import test_series
