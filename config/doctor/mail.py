import ssl
from collections.abc import Iterator

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.db.models import Count, Min
from django.utils import timezone

from blog.mail.server import answer_of, hang_up, reach
from blog.models import Mail
from config.doctor.finding import Finding, counted, ok, problem, warning

PATIENCE = 10  # seconds


def look() -> Iterator[Finding]:
    """Speaks to the mail server as far as every mail would: greeting, TLS, password. Sends nothing."""
    connection = get_connection(timeout=PATIENCE)
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        todo = "Set EMAIL_URL, such as smtp+starttls://user:password@mail.example.org:587."
        yield warning("EMAIL_URL is not set: mails are only printed where the site runs.", todo)
        return
    if not isinstance(connection, EmailBackend):
        yield ok(f"Mail goes through {settings.EMAIL_BACKEND}.")
        return
    try:
        reach(connection)
    except Exception as error:  # a wrong EMAIL_URL shows itself in other ways than OSError, too
        yield _refused(error)
    else:
        secured = "with TLS" if connection.use_tls or connection.use_ssl else "without TLS"
        password = f", takes the password of {connection.username}" if connection.username else ""
        yield ok(
            f"The mail server {_server()} answers {secured}{password}. Mails are from {settings.DEFAULT_FROM_EMAIL}."
        )
    finally:
        hang_up(connection)


def look_at_owed() -> Iterator[Finding]:
    dead = Mail.objects.filter(status=Mail.Status.DEAD).count()
    if dead:
        todo = f"{settings.SITE_URL}/admin/blog/mail/ says why each could not be sent, and sends it again."
        yield warning(f"{counted(dead, 'mail')} could not be sent.", todo)
    waiting = Mail.objects.filter(status=Mail.Status.WAITING, send_after__lte=timezone.now())
    found = waiting.aggregate(count=Count("pk"), unreached=Min("unreached_at"))
    waits, are = ("waits", "is") if found["count"] == 1 else ("wait", "are")
    if found["unreached"]:
        since = f"{found['unreached']:%Y-%m-%d %H:%M} UTC"
        words = f"{counted(found['count'], 'mail')} {waits}: the mail server has not been reached since {since}."
        yield warning(words, "The line on mail above says what is wrong; they go out by themselves once it is mended.")
    else:
        yield ok(f"{counted(found['count'], 'mail')} {are} due.")


def send(address: str) -> Iterator[Finding]:
    """Sends a mail there, past the worker."""
    host = settings.SITE_URL
    words = f"This mail was sent by `manage.py doctor` of {host}. If you read it, mail works."
    message = EmailMessage(f"A test from {host}", words, to=[address])
    message.connection = get_connection(timeout=PATIENCE)
    try:
        message.send()
    except Exception as error:
        yield _refused(error)
    else:
        todo = "look into the mailbox, and into its spam folder"
        yield ok(f"A mail to {address} was handed over; {todo}.")


def _refused(error: Exception) -> Finding:
    server = _server()
    if answer := answer_of(error):
        code, words = answer
        todo = {
            530: "It wants a user and password: give them in EMAIL_URL, as smtp+starttls://user:password@host.",
            535: "Mend the user and password in EMAIL_URL (signs such as @ and / are written %40 and %2F).",
        }.get(code, "Ask who runs the mail server; EMAIL_FROM must be an address that it lets you use.")
        return problem(f"The mail server {server} refuses: {code} {' '.join(words.split())}", todo)
    if isinstance(error, ssl.SSLCertVerificationError):
        todo = "Use the host name that its certificate is for in EMAIL_URL."
        return problem(f"The certificate of {server} is not trusted: {error.verify_message}.", todo)
    if isinstance(error, ssl.SSLError):
        todo = "Port 465 is smtps://, port 587 is smtp+starttls://, and port 25 mostly smtp://."
        return problem(f"The mail server {server} does not speak TLS there.", todo)
    reason = getattr(error, "strerror", "") or str(error) or type(error).__name__
    todo = "See that EMAIL_URL has the right host, port and scheme, and that no firewall stands between."
    return problem(f"The mail server {server} cannot be used: {' '.join(reason.split())}.", todo)


def _server() -> str:
    return f"{getattr(settings, 'EMAIL_HOST', '')}:{getattr(settings, 'EMAIL_PORT', '')}"
