from comments.admin import blockrule, comment, commenter, event, policy, settings  # noqa: F401  each registers its own
