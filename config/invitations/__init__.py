"""New people: invited by an owner (desk.py), they make their account on the page that their link opens (joining.py)."""

from config.invitations.joining import join

__all__ = ["join"]
