from . import test_smsc
