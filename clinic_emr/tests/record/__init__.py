from . import test_encounter
from . import test_encounter_file
from . import test_observation
from . import test_revision
from . import test_revision_parallel
from . import test_structured
