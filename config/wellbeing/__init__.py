"""“How is the site?”, for owners: what wants them, what waits, and how it went lately, in words and pictures."""

from config.wellbeing.page import urls

__all__ = ["urls"]
