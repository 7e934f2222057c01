"""Work for the worker (manage.py worker)."""

from django_tasks import task


@task()
def send_mails() -> int:
    """Sends the mails that are due; how many went out. The tick enqueues it again while there are more."""
    from blog.mail.sending import send_due  # whose package enqueues this

    return send_due()


@task(priority=-5)  # after the mails: readers have the uploaded image meanwhile
def make_renditions(pk: int) -> None:
    """Makes the image's renditions and renders the posts that use it. The tick enqueues it again if it was lost."""
    from blog.renditions import make  # whose models enqueue this

    make(pk)


@task(priority=-5)
def index_labelled(label: int, after: int) -> None:
    """Makes the next posts with this label findable by what it is called now."""
    from blog.merging import index_labelled as index  # which enqueues this

    index(label, after)


@task(priority=-5)
def render_posts(after: int) -> None:
    """Renders the next posts and pages after this one again."""
    from blog.rendering import render_posts as render  # which enqueues this

    render(after)
