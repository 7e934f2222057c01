"""What is not wanted in comments: the block rules (comments/models/blockrule.py) held against one comment."""

from comments.blocking.match import count_hits, current, hits, of_comment, record
from comments.blocking.table import Hit, Table
from comments.blocking.texts import Texts

__all__ = ["Hit", "Table", "Texts", "count_hits", "current", "hits", "of_comment", "record"]
