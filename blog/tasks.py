"""Work for the worker (manage.py worker)."""

from django_tasks import task


@task()
def send_mails() -> int:
    """Sends the mails that are due; how many went out. The tick enqueues it again while there are more."""
    from blog.mail.sending import send_due  # whose package enqueues this

    return send_due()
