from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from blog.models import Mail
from blog.tasks import send_mails

NOW = timedelta(0)


def owe(kind: str, key: str, data: dict, *, delay: timedelta = NOW) -> None:
    """Owes a mail, within the caller's transaction. The same `key` is owed once, however often this is called.

    `kind` is one of settings.MAIL_KINDS, whose function composes the mail when it is sent; `data` is what that
    function needs to know: ids, never addresses or words.
    """
    owe_many(kind, {key: data}, delay=delay)


def owe_many(kind: str, rows: dict[str, dict], *, delay: timedelta = NOW) -> None:
    """Owes a mail for each key of `rows`, as owe() does."""
    send_after = timezone.now() + delay
    mails = [Mail(kind=kind, key=key, data=data, send_after=send_after) for key, data in rows.items()]
    Mail.objects.bulk_create(mails, batch_size=500, ignore_conflicts=True)
    if mails and not delay:
        # The tick finds them within a minute in any case, so a queue in trouble fails nobody's request.
        transaction.on_commit(_send_soon, robust=True)


def _send_soon() -> None:
    # While the mail server is away the tick alone tries: to wait for it once for each mail would hold up the worker.
    if not Mail.objects.filter(status=Mail.Status.WAITING, unreached_at__isnull=False).exists():
        send_mails.enqueue()
