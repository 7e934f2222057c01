"""Signing in: passwords and their waits (hashing, throttle), the second step (second, required), both doors (doors,
code), and asking again before what is dangerous (recently). account and settings are its pages at the desk."""
