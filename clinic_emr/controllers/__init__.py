from . import encounter_file
