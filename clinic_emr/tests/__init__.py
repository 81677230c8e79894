from . import test_encounter
from . import test_icd10
from . import test_wall
