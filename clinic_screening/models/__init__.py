from . import clinic_screening_questionnaire
from . import clinic_screening_question
from . import clinic_screening_option
from . import clinic_screening
from . import website
