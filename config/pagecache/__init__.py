"""Ready pages in front of Django: as fast as a constant, and never older than what the database holds.

A reader's GET is answered from this process's memory if the page there has seen every change that has been committed
(config/pagecache/watch.py asks on each hit; docs/architecture.md says why this is strict). Otherwise Django makes it,
once however many ask for it; it is kept if its view is blog.shared.shared and nothing that it shows changed meanwhile.
Who is signed in goes straight to Django; no other cookie matters.
"""

from config.pagecache.front import PageCache

__all__ = ["PageCache"]
