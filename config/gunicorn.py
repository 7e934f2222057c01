"""How gunicorn serves the site; `manage.py serve` starts it. Plain assignments are gunicorn's settings."""

import gc
import os

from config import ready, settings
from config.ready import files

wsgi_app = "config.wsgi:application"
proc_name = "marginalia"
host = f"[{settings.HOST}]" if ":" in settings.HOST else settings.HOST
bind = [f"{host}:{settings.PORT}"]
reuse_port = True
workers = settings.WEB_CONCURRENCY
worker_class = "config.gthread.PatientWorker"
threads = 4
worker_connections = 700  # below the usual limit of 1,024 open files
keepalive = 15
timeout = 30
graceful_timeout = 8  # `manage.py serve` kills after ten seconds
control_socket_disable = True
loglevel = "warning"
accesslog = None  # it would hold readers' addresses and the paths of their private links
if os.access("/dev/shm", os.W_OK):  # noqa: S108  a heartbeat on a slow disk looks like a dead worker
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def post_worker_init(worker) -> None:
    # Python looks through everything for garbage that refers to itself, and a request waits for it: not through what
    # has been loaded to stay, and less often.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    if settings.READY_PAGES_DIR:
        ready.start()


if settings.READY_PAGES_DIR:

    def on_starting(server) -> None:
        files.begin(settings.READY_PAGES_DIR, settings.READY_PAGES_LINK)

    def on_exit(server) -> None:
        files.empty(settings.READY_PAGES_DIR)
