"""gunicorn's settings as the site has them, with little patience for slow clients."""

from config import paced
from config.gunicorn import *  # noqa: F403

paced.WAITED_FOR, paced.LEAST_RATE = 2.0, 100_000
paced.STALLED_FOR = 3
wsgi_app = "tests.config.probe:application"
