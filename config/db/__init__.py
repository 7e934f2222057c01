"""Django's database backends, with what must happen where a transaction begins or ends."""
