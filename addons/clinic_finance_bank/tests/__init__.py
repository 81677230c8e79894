from . import test_acquiring
from . import test_client_bank
from . import test_import
from . import test_purpose
from . import test_recognition
from . import test_transfer_receipts
