from . import patient_data
