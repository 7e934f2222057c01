from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """As OWASP's password storage cheat sheet has it. Django's own takes 100 MB and eight threads for one password:
    a handful of people signing in at one moment would fill a small server's memory."""

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
