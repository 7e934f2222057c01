"""Totals of posts (blog/totals.py), and the rows that they count: whichever way those change, the totals follow."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from django.db import models, transaction

from blog import totals
from blog.models.label import Label
from blog.models.public import PublicModel, PublicQuerySet


class LabelCount(models.Model):
    """How many published posts have a label, those whose time has not come among them."""

    # Without a constraint: the row of a label that is deleted at the same moment does no harm.
    label = models.OneToOneField(Label, models.CASCADE, primary_key=True, db_constraint=False, related_name="total")
    count = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["-count", "label"], name="blog_labels_busiest")]

    def __str__(self) -> str:
        return f"{self.label_id}: {self.count}"


class MonthCount(models.Model):
    """How many published posts have their permalink in a month, those whose time has not come among them."""

    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    count = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "month"], name="blog_monthcount_once")]

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}: {self.count}"


class CountedQuerySet(PublicQuerySet):
    def counted(self) -> totals.Change:
        """What these rows, as they are stored, add to totals."""
        raise NotImplementedError

    def held(self) -> "CountedQuerySet":
        """The same rows, whatever they become, held until the transaction ends."""
        raise NotImplementedError

    def update(self, **values) -> int:
        if self.model.COUNTED.isdisjoint(values):
            return super().update(**values)
        with transaction.atomic(savepoint=False), following(self.held()):
            return super().update(**values)

    def delete(self) -> tuple[int, dict]:
        with transaction.atomic(savepoint=False), following(self.held()):
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def bulk_create(self, objs, *args, **kwargs) -> list:
        with transaction.atomic(savepoint=False):
            made = super().bulk_create(objs, *args, **kwargs)
            totals.note(Counter(key for row in made for key in row.counted_under()))
            return made


class CountedModel(PublicModel):
    COUNTED: ClassVar[frozenset[str]] = frozenset()  # fields that decide what totals a row adds to

    class Meta:
        abstract = True

    def counted_under(self) -> list[tuple]:
        """The totals that it adds to, each once."""
        raise NotImplementedError

    def save(self, *args, **kwargs) -> None:
        with transaction.atomic(savepoint=False):
            before = Counter() if self._state.adding else self._rows().held().counted()
            super().save(*args, **kwargs)
            _note_difference(before, Counter(self.counted_under()))

    def delete(self, *args, **kwargs) -> tuple[int, dict]:
        with transaction.atomic(savepoint=False), following(self._rows().held()):
            return super().delete(*args, **kwargs)


@contextmanager
def following(rows: CountedQuerySet) -> Iterator[None]:
    """Notes what a change of these rows adds to totals."""
    before = rows.counted()
    yield
    _note_difference(before, rows.counted())


def _note_difference(before: totals.Change, after: totals.Change) -> None:
    after = after.copy()
    after.subtract(before)
    if any(after.values()):
        totals.note(after)
