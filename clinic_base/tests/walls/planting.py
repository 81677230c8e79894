"""The wall test itself is tried: leaks planted in a registry have to show."""

import logging

from odoo.orm.model_classes import add_to_registry

from .wall import WallMixin

_logger = logging.getLogger(__name__)


class PlantedLeaksMixin(WallMixin):
    """Walks the wall with leaks; a bench reads from the log how many were found.

    ``leaky`` are model classes that the registry gets for the while, marked with
    ``for_tests``; ``planted`` says where each leak has to show.
    """

    leaky = ()
    # {what leaks: (entrance, text that stands in the place)}
    planted = {}
    # Leaks show whoever asks: the roles that see least and most of a desk are enough.
    wall_roles = ("registrar", "public")
    wall_page_roles = ()
    wall_key_roles = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        names = [one._inherit[0] for one in cls.leaky]
        bases = {name: cls.registry[name]._base_classes__ for name in names}
        for one in cls.leaky:
            add_to_registry(cls.registry, one)
        cls.registry._setup_models__(cls.env.cr, names)

        def restore():
            for name, own in bases.items():
                cls.registry[name]._base_classes__ = own
            cls.registry._setup_models__(cls.env.cr, names)

        cls.addClassCleanup(restore)

    def check_planted(self):
        """Walk the wall; fail for a planted leak that it does not show."""
        leaks = self.walk_the_wall().leaks
        found = {
            what: any(
                (entrance == one and text in where) for one, _role, where in leaks
            )
            for what, (entrance, text) in self.planted.items()
        }
        _logger.info(
            "Wall: planted leaks found %d of %d", sum(found.values()), len(found)
        )
        self.assertTrue(all(found.values()), found)
