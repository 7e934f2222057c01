"""Ready pages as files, which nginx serves by itself (deploy/nginx.conf), and never an old one.

A change, just before it commits and under the lock that every change takes (blog/versions.py), removes the files that
show what it touches: drop(). A page, once made, becomes a file under the same lock, and only if nothing that it shows
has changed since it was begun: config/ready/keeping.py. So neither can overtake the other, and whoever is killed on the
way leaves a file too few, never an old one: a change that never came to commit has removed files of pages that are as
they were, and a page that never came under the lock is a file that nginx does not know.

Time alone changes some pages. Those are files only until an hour before; the tick removes them (config/ready/clock.py)
and says so by a stamp. While the stamp is older than half an hour there are no files: each web process looks.

For one machine: of a second one's files a change here would know nothing. Every process that writes to the database
must know the folder: by READY_PAGES_DIR, or by the link in DATA_DIR that the site leaves when it starts.
"""

from django.conf import settings

from config.ready import files

keeper = None  # of this process, if it serves readers and there is a READY_PAGES_DIR


def drop(keys: set[str]) -> None:
    """Removes the pages that show any of these. Under the lock; OSError must end in a rollback."""
    if settings.READY_PAGES_DIR:
        files.drop(settings.READY_PAGES_DIR, keys)


def start() -> None:
    """For a process that serves readers, after it has forked: from now on keep() makes files."""
    global keeper
    from config.ready.keeping import Keeper  # here: it needs Django's models

    keeper = Keeper(settings.READY_PAGES_DIR)
    keeper.start()


def keep(key, page, number: int) -> None:
    """Makes a page a file soon, if it may be one. It is as the database is since the change of that number, or newer.

    To be called for pages that are found in memory too: their file may be gone, or may not have been allowed before.
    """
    if keeper is not None:
        keeper.take(key, page, number)
