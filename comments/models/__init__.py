from comments.models.address import AddressKey, RateCount
from comments.models.comment import Comment
from comments.models.event import ModerationEvent
from comments.models.imported import ImportedComment
from comments.models.settings import CommentSettings

__all__ = ["AddressKey", "Comment", "CommentSettings", "ImportedComment", "ModerationEvent", "RateCount"]
