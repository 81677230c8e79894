from . import ir_model
from . import website
