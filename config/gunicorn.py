"""How gunicorn serves the site; `manage.py serve` starts it. Plain assignments are gunicorn's settings."""

import contextlib
import gc
import os
from logging.config import dictConfig

from config import ready, settings
from config.db.postgresql import patience
from config.metrics import folder
from config.ready import files

wsgi_app = "config.wsgi:application"
proc_name = "marginalia"
host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
if "SERVE_SOCKET" in os.environ:  # of `manage.py serve`, which keeps it open from one gunicorn to the next
    bind = [f"fd://{os.environ['SERVE_SOCKET']}"]
else:
    bind = [f"{host}:{settings.PORT}"]
    reuse_port = True
workers = settings.WEB_CONCURRENCY
worker_class = "config.gthread.PatientWorker"
threads = 4
worker_connections = 700  # below the usual limit of 1,024 open files
limit_request_line = 8190  # bytes of the address with its query, and of each header below; of bodies: BODY_MOST
limit_request_fields = 100
limit_request_field_size = 8190
# Of a proxy's word only Django and TRUSTED_PROXIES judge. gunicorn would believe whoever connects from this machine, of
# the scheme and, by a header SCRIPT_NAME, of where the site begins.
secure_scheme_headers = {}
forwarder_headers = ""
keepalive = 15
timeout = 30
ANSWERS_WITHIN = 10  # seconds for one statement on PostgreSQL, while a reader or writer waits
graceful_timeout = 8  # `manage.py serve` kills after ten seconds
control_socket_disable = True
loglevel = "warning"
accesslog = None  # it would hold readers' addresses and the paths of their private links
if os.access("/dev/shm", os.W_OK):  # noqa: S108  a heartbeat on a slow disk looks like a dead worker
    worker_tmp_dir = "/dev/shm"  # noqa: S108

folder.choose(settings.DATA_DIR)


def on_starting(server) -> None:
    on_reload(server)
    folder.empty()
    if settings.READY_PAGES_DIR:
        files.begin(settings.READY_PAGES_DIR, settings.READY_PAGES_LINK)


def on_reload(server) -> None:
    # What gunicorn itself says is as LOG_FORMAT has it, too. Its own setting for this, logconfig_dict, would have it
    # put together a line of an access log for each request.
    dictConfig(settings.LOGGING)


def post_fork(server, worker) -> None:
    try:
        folder.make_room(os.getpid())
    except OSError as error:
        server.log.warning("No room for the numbers of /metrics (%s): this process counts for itself.", error.strerror)


def post_worker_init(worker) -> None:
    # Python looks through everything for garbage that refers to itself, and a request waits for it: not through what
    # has been loaded to stay, and less often.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    patience.answers_within = ANSWERS_WITHIN
    if settings.READY_PAGES_DIR:
        ready.start()
    if "SERVE_READY" in os.environ:
        with contextlib.suppress(OSError):  # one that comes later: nobody listens any more
            os.write(int(os.environ["SERVE_READY"]), b".")


def child_exit(server, worker) -> None:
    folder.forget(worker.pid)


def on_exit(server) -> None:
    if settings.READY_PAGES_DIR:
        files.empty(settings.READY_PAGES_DIR)
