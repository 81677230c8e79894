from . import template_ru_clinic
