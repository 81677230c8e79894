from . import test_replies
