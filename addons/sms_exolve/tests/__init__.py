from . import test_exolve
