"""Models that show on readers' pages: whichever way their rows change, the pages that show them are out of date."""

from typing import ClassVar

from django.db import models, transaction

from blog import versions


class PublicQuerySet(models.QuerySet):
    """Changes touch versions (blog/versions.py) in the transaction that makes them. Every model here has such a
    queryset as its manager; a subclass says which keys show its rows."""

    def touched_by(self, values: dict) -> set[str]:
        """The keys of what shows these rows now, or will when they have these new values (none: they go)."""
        return {versions.SITE} if self.exists() else set()

    def update(self, **values) -> int:
        if self.model.UNSEEN.issuperset(values):
            return super().update(**values)
        with transaction.atomic(using=self.db, savepoint=False):
            versions.touch(*self.touched_by(values))
            return super().update(**values)

    def delete(self) -> tuple[int, dict]:
        with transaction.atomic(using=self.db, savepoint=False):
            versions.touch(*self.touched_by({}))
            return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def bulk_create(self, objs, *args, **kwargs) -> list:
        objs = list(objs)
        with transaction.atomic(using=self.db, savepoint=False):
            for row in objs:
                versions.touch(*row.shown_under())
            return super().bulk_create(objs, *args, **kwargs)


class PublicModel(models.Model):
    UNSEEN: ClassVar[frozenset[str]] = frozenset()  # fields that no page of readers shows

    objects = PublicQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs) -> None:
        fields = kwargs.get("update_fields")
        if fields is not None and self.UNSEEN.issuperset(fields):
            super().save(*args, **kwargs)
            return
        with transaction.atomic(savepoint=False):
            if not self._state.adding:
                versions.touch(*self._rows().touched_by({}))
            super().save(*args, **kwargs)
            versions.touch(*self.shown_under())

    def delete(self, *args, **kwargs) -> tuple[int, dict]:
        with transaction.atomic(savepoint=False):
            versions.touch(*self._rows().touched_by({}))
            return super().delete(*args, **kwargs)

    def shown_under(self) -> set[str]:
        """The keys of what shows this row from now on, beside what showed it before (PublicQuerySet.touched_by)."""
        return set()

    def _rows(self) -> PublicQuerySet:
        """The row as it is stored."""
        return type(self)._default_manager.filter(pk=self.pk)
