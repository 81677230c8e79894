from . import test_video
