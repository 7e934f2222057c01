"""What the rules (comments/policy.py) ask about the past of a comment: here as it is now. A simulation
(comments/simulation/) answers the same questions as it was then."""

from datetime import datetime

from comments import blocking, earlier, standing
from comments.models import Comment, CommentSettings, SpamSample
from comments.spam import samples
from comments.standing import Standing


class History:
    """Answered by the database, as it is at this moment."""

    def standing(self, comment: Comment, settings: CommentSettings, needed: int, now: datetime) -> Standing:
        return standing.standing_of(comment, settings, needed, now)

    def has_same_words(self, comment: Comment) -> bool:
        return earlier.has_same_words(comment)

    def newest(self, comment: Comment, network: str, since: datetime, now: datetime) -> datetime | None:
        return earlier.newest(comment, network, since, now)

    def block_rules(self) -> blocking.Table:
        return blocking.current()

    def sample(self, comment: Comment, facts) -> SpamSample | None:
        """How the spam filter sees it; `facts` (policy.Facts) are of who sends it."""
        return samples.sample_of(comment, facts.network_digest, facts.seconds)


PRESENT = History()
