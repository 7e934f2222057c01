"""What is not wanted in comments: the block rules (comments/models/blockrule.py) held against one comment."""

from comments.blocking.match import count_hits, hits, of_comment, record
from comments.blocking.table import Hit
from comments.blocking.texts import Texts

__all__ = ["Hit", "Texts", "count_hits", "hits", "of_comment", "record"]
