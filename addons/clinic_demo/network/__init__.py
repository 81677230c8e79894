"""The demonstration that lives: a network of clinics whose days go on."""

from .rolling import Network
from .world import Scale

__all__ = ["Network", "Scale"]
