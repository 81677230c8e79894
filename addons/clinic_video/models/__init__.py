from . import clinic_appointment_video
from . import clinic_video_room
from . import discuss_channel
from . import discuss_channel_member
