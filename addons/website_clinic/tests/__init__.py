from . import test_site_edges
