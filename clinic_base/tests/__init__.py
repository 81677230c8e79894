from .imports import (
    test_hostile_rows,
    test_list_import,
    test_patient_import,
    test_patient_import_files,
)
from .network import (
    test_companies,
    test_contacts,
    test_settings,
)
from .patients import (
    test_consent,
    test_identity_tools,
    test_patient,
    test_patient_merge,
    test_patient_payer,
    test_patient_search,
    test_people_parallel,
    test_personal_data,
    test_relation_age,
)
from .specialists import (
    test_specialist,
)
from .walls import (
    test_access_log,
    test_archive,
    test_bounds,
    test_browser_policy,
    test_dialogs,
    test_discreet_log,
    test_encrypted_fields,
    test_engine_fields,
    test_error_answers,
    test_fields_of_callers,
    test_frontend_terms,
    test_given,
    test_hostile_calls,
    test_hostile_routes,
    test_judged_places,
    test_keyring,
    test_login,
    test_medical_roles,
    test_medical_rules,
    test_outgoing,
    test_public_methods,
    test_quiet,
    test_roles,
    test_secrecy,
    test_secret_links,
    test_stored_code,
    test_uninstall,
    test_upload_doors,
    test_uploads,
    test_wall,
)
from . import test_i18n
from . import test_tools
from . import test_walltime
