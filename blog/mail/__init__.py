"""Mails: owed within the transaction that gives cause for them, composed and sent later by the worker."""

from blog.mail.letter import Letter, absolute
from blog.mail.owing import owe, owe_many
from blog.mail.sending import is_due, send_due

__all__ = ["Letter", "absolute", "is_due", "owe", "owe_many", "send_due"]
