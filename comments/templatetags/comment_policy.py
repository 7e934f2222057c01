"""The comment policy in force on a post, where its author sees it."""

from django import template
from django.template.context import RequestContext
from django.urls import reverse

from blog.models import Post
from comments.conditions import Conditions
from comments.effective import may_set, table

register = template.Library()


@register.inclusion_tag("admin/comments/policy.html", takes_context=True)
def comment_policy(context: RequestContext, post, is_own_page: bool = False) -> dict:
    """What holds under `post`, as a table; and the ways to its comments and, elsewhere than there, to its policy."""
    user = context["request"].user
    post = Post.objects.short().get(pk=post.pk)  # a refused form changed its own
    change = (
        "" if is_own_page or not may_set(user, post) else reverse("admin:comments_postpolicy_change", args=[post.pk])
    )
    decides = user.has_perm("comments.moderate_any_comment") or (
        user.has_perm("comments.moderate_own_comment") and post.author_id == user.pk
    )
    queue = f"{reverse('admin:comments_comment_changelist')}?status=approved&post={post.pk}"
    return {
        "rows": table(Conditions.of(post), user),
        "change": change,
        "queue": queue if decides else "",
    }
