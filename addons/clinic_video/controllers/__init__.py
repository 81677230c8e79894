from . import video
