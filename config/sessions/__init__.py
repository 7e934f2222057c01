"""Who is signed in where: noted at every door, listed and ended at the desk, told by mail where the browser is new.

A session is Django's, in the database, and holds in itself since when and with what kind of browser. `config.SignIn`
says whose it is. Neither holds what the browser says of itself, nor where from it came.
"""

from config.sessions.listing import end, of

__all__ = ["end", "of"]
