from blog.admin import image, label, mail, missing, oldpath, page, post, series, settings, user  # noqa: F401  each registers its own
