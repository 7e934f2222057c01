from django.db import models

from blog.soup import tidy_text


class LineField(models.CharField):
    """One line of words: control characters are dropped and white space is folded on every way into the database.

    A control character that nobody sees would make a feed that no program can read.
    """

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return " ".join(tidy_text(value).split()) if isinstance(value, str) else value
