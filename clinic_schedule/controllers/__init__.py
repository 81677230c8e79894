from . import visit_link
from . import hall
