"""What the policy says of a comment that is just being written."""

from django.contrib.auth.models import AnonymousUser

from comments.models import Comment
from comments.policy import Facts, Verdict, judge


def verdict_on(post, user=None, *, now=None, network="", address="", browser="", **fields) -> Verdict:
    """A guest's, called Mudlark, or that of `user`; `fields` are the comment's."""
    fields = {"body": "Surely the wind?"} | fields
    if user:
        fields |= {"user": user, "author_name": user.name}
    else:
        fields = {"author_name": "Mudlark", "author_email": "mud@example.org"} | fields
    return judge(Comment(post=post, **fields), Facts(user or AnonymousUser(), network, address, browser, now))
