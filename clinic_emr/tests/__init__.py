from .access import (
    test_companies,
    test_record_scope,
    test_wall,
)
from .card import (
    test_morbidity,
    test_patient_record,
    test_personal_data,
    test_timeline,
)
from .orders import (
    test_prescription,
    test_referral,
    test_treatment_plan,
)
from .record import (
    test_encounter,
    test_encounter_file,
    test_observation,
    test_revision,
    test_revision_parallel,
    test_structured,
)
from .terms import (
    test_icd10,
    test_template,
)
