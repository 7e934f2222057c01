from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=10_000)
def address(name: str, *args: str | int) -> str:
    """Django's reverse(), remembered: a page names dozens of addresses, and what they are made of never changes while
    the process runs."""
    return reverse(name, args=args)
