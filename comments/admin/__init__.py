from comments.admin import blockrule, comment, event, policy, settings  # noqa: F401  each registers its own
