from comments.admin import comment, event, settings  # noqa: F401  each registers its own
