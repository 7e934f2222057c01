from comments.models.address import AddressKey, RateCount
from comments.models.blockrule import BlockHit, BlockRule
from comments.models.bulk import BulkDecision
from comments.models.comment import Comment
from comments.models.commenter import Commenter, CommenterNote, FollowRequest, MailChoice, Subscription, UsedLink
from comments.models.count import PostCount, SiteCount
from comments.models.event import ModerationEvent, ModerationNote
from comments.models.imported import ImportedComment
from comments.models.job import Job
from comments.models.policy import LabelPolicy, PostPolicy
from comments.models.reason import CommentReason
from comments.models.report import Report
from comments.models.settings import CommentSettings
from comments.models.spam import Says, SpamChange, SpamCheckpoint, SpamSample, SpamState

__all__ = [
    "AddressKey",
    "BlockHit",
    "BlockRule",
    "BulkDecision",
    "Comment",
    "CommentReason",
    "CommentSettings",
    "Commenter",
    "CommenterNote",
    "FollowRequest",
    "ImportedComment",
    "Job",
    "LabelPolicy",
    "MailChoice",
    "ModerationEvent",
    "ModerationNote",
    "PostCount",
    "PostPolicy",
    "RateCount",
    "Report",
    "Says",
    "SiteCount",
    "SpamChange",
    "SpamCheckpoint",
    "SpamSample",
    "SpamState",
    "Subscription",
    "UsedLink",
]
