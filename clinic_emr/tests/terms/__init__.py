from . import test_icd10
from . import test_template
