from . import test_encounter
from . import test_icd10
