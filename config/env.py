"""Settings from the environment: a wrong value stops the start with one clear line."""

import contextlib
import ipaddress
import os
import secrets
from email.errors import MessageError, ObsoleteHeaderDefect
from email.headerregistry import HeaderRegistry
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

CONNECTS_WITHIN = 5  # seconds, until PostgreSQL has let somebody in


def stop(message: str) -> SystemExit:
    return SystemExit(f"marginalia: {message}")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def boolean(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value in ("true", "1", "yes", "on"):
        return True
    if value in ("false", "0", "no", "off"):
        return False
    raise stop(f"{name} is {value!r}: use true or false.")


def integer(name: str, default: int, least: int, most: int) -> int:
    value = text(name)
    if not value:
        return default
    if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
        raise stop(f"{name} is {value!r}: use a whole number from {least} to {most}.")
    return int(value)


def folder(name: str, default: Path) -> Path:
    """A folder that is there, made if need be."""
    path = Path(text(name, str(default))).expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise stop(f"{name} is {str(path)!r}, which cannot be made: {error.strerror}.") from None
    return path


def folders(*paths: Path) -> list[Path]:
    """Those that are there."""
    return [path for path in paths if path.is_dir()]


def ready_pages(name: str, link: Path) -> Path | None:
    """The folder given, or the one that the site was last started with: a command that is run by hand, without the
    site's settings, must know it to leave no old page in it."""
    if text(name):
        return folder(name, Path())
    return link.readlink() if link.is_symlink() else None


def backups(name: str, *served: Path) -> Path | None:
    """A folder that need not be there yet, outside of those that readers can fetch from; None: there is none."""
    if not (value := text(name)):
        return None
    path = Path(value).expanduser()
    if not path.is_absolute():
        raise stop(f"{name} is {value!r}: name the folder from the root, such as /var/backups/marginalia.")
    for folder in served:
        if path.resolve().is_relative_to(folder):
            raise stop(f"{name} is {value!r}, from where readers could fetch it: name a folder outside of {folder}.")
    return path


def names(name: str, default: list[str]) -> list[str]:
    """A list written with commas."""
    return [part.strip() for part in text(name).split(",") if part.strip()] or default


def split_address(value: str, wrong: SystemExit) -> SplitResult:
    """The parts of an address; raises `wrong` if it is none."""
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  raises if it is no number
    except ValueError:
        raise wrong from None
    return parts


def site_url(name: str, default: str) -> str:
    value = text(name, default).rstrip("/")
    wrong = stop(f"{name} is {value!r}: use the site's address alone, such as https://blog.example.org.")
    parts = split_address(value, wrong)
    rest = (parts.path, parts.query, parts.fragment, parts.username)
    if parts.scheme not in ("http", "https") or not parts.hostname or any(rest):
        raise wrong
    return value


def hook(name: str) -> str:
    """An address to send something to."""
    value = text(name)
    # The value is not repeated: it may hold a secret.
    wrong = stop(f"{name}: use an address such as https://cdn.example.org/purge; a secret belongs into its token.")
    parts = split_address(value, wrong)
    is_one = parts.scheme in ("http", "https") and parts.hostname and not parts.username and not parts.fragment
    if value and not (is_one and value.isascii() and value.isprintable() and " " not in value):
        raise wrong
    return value


def choice(name: str, *choices: str) -> str:
    """One of these; the first if none is given."""
    value = text(name, choices[0])
    if value not in choices:
        raise stop(f"{name} is {value!r}: use {' or '.join(choices)}.")
    return value


def sentry_dsn(name: str) -> str:
    value = text(name)
    # The value is not repeated: it holds a key.
    wrong = stop(f"{name}: use the address that Sentry shows as DSN, such as https://key@sentry.example.org/1.")
    parts = split_address(value, wrong)
    project = parts.path.rpartition("/")[2]
    is_one = parts.scheme in ("http", "https") and parts.hostname and parts.username and project.isdigit()
    if value and not is_one:
        raise wrong
    return value


def token(name: str) -> str:
    value = text(name)
    if not value.isascii() or not value.isprintable() or " " in value:
        raise stop(f"{name}: use letters, digits and signs of ASCII, without spaces.")
    return value


def passphrase(name: str) -> str:
    """Given itself, or by the file that `<name>_FILE` names; empty: there is none."""
    value, file = text(name), text(f"{name}_FILE")
    if file:
        try:
            value = Path(file).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError):
            raise stop(f"{name}_FILE is {file!r}, which cannot be read.") from None
    if (value or file) and len(value) < 12:
        raise stop(f"{name} is too short: use at least 12 characters, such as five words.")
    return value


def host_of(url: str) -> str:
    """As Django compares it: an IPv6 address keeps its brackets."""
    host = urlsplit(url).hostname or ""
    return f"[{host}]" if ":" in host else host


def local_url(host: str, port: int) -> str:
    """The site's address on this machine, where nobody gave another."""
    if host in ("0.0.0.0", "::"):  # noqa: S104  every interface: this machine reaches it by itself
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Addresses or CIDR ranges, written with commas."""
    try:
        return [ipaddress.ip_network(part, strict=False) for part in names(name, [])]
    except ValueError as error:
        raise stop(f"{name}: {error}. Use addresses or ranges such as 10.0.0.0/8, with commas.") from None


def secret_key(name: str, folder: Path, *, may_make: bool) -> str:
    """The secret given, or the one kept in `folder`, made on the first run.

    `may_make` is false where several machines share a database: each would make its own.
    """
    if value := text(name):
        if len(value) < 32:
            raise stop(f"{name} is too short: use at least 32 characters that nobody can guess.")
        return value
    if not may_make:
        raise stop(f"{name} must be given when DATABASE_URL names a server: every machine needs the same one.")
    path = folder / "secret_key"
    try:
        if not path.exists():
            _keep_new_secret(path)
        kept = path.read_text().strip()
    except OSError as error:
        raise stop(f"cannot keep the secret key in {folder}: {error.strerror}. Set DATA_DIR or {name}.") from None
    if len(kept) < 32:
        raise stop(f"{path} is damaged: put the old key back, or delete the file (everybody is then signed out).")
    return kept


def _keep_new_secret(path: Path) -> None:
    """Of several processes started at once, the first one's key is kept whole and the others read it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def database(name: str, folder: Path) -> dict:
    """Django's settings for one database: SQLite in `folder` unless a URL is given."""
    value = text(name, f"sqlite:///{folder / 'db.sqlite3'}")
    if urlsplit(value).scheme not in ("sqlite", "postgres", "postgresql"):
        raise stop(f"{name}: use sqlite:///path or postgres://user:password@host:5432/name.")
    try:
        config = dict(dj_database_url.parse(value))
    except (ValueError, KeyError) as error:
        raise stop(f"{name} cannot be read: {error}.") from None
    config["ENGINE"] = config["ENGINE"].replace("django.db.backends", "config.db")
    if config["ENGINE"].endswith("sqlite3"):
        if config["NAME"] in ("", ":memory:"):
            raise stop(f"{name}: name a file, such as sqlite:////srv/blog/db.sqlite3.")
        config["OPTIONS"] = {
            # A transaction that will write takes the lock at once; otherwise two that have
            # both read fail with "database is locked" without waiting.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # A comment changes some 50 pages of 4 kB. Who commits the 4,000th writes all back, while others wait.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=134217728; "
            "PRAGMA wal_autocheckpoint=4000;",
        }
    else:
        # They would need one connection from query to query; PgBouncer gives one for a transaction.
        config["DISABLE_SERVER_SIDE_CURSORS"] = True
        # How long it is waited for; the address may say otherwise. A server that lost its power is given up after a
        # minute: the system's own patience is two hours.
        config["OPTIONS"] = {
            "connect_timeout": CONNECTS_WITHIN,
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 60_000,
        } | config.get("OPTIONS", {})
    # To open a connection costs more than many a page's queries, on SQLite too.
    return config | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def redis_url(name: str) -> str:
    """Redis's address; empty: there is none."""
    value = text(name)
    if not value:
        return ""
    # The value is not repeated: it may hold a password.
    wrong = stop(f"{name}: use redis://host:6379/0, redis://:password@host:6379/0 or rediss://… (TLS).")
    parts = split_address(value, wrong)
    number = parts.path.strip("/")
    is_number = not number or (number.isascii() and number.isdigit())
    if parts.scheme not in ("redis", "rediss") or not parts.hostname or not is_number or parts.query or parts.fragment:
        raise wrong
    return value


SMTP_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def email(name: str) -> dict:
    """Django's settings for sending mail: printed unless a mail server's address is given."""
    value = text(name, "console:")
    if value == "console:":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    # The value is not repeated: it may hold a password.
    wrong = stop(f"{name}: use smtp+starttls://user:password@host:587, smtps://…, smtp://host:25 or console:")
    try:
        parts = urlsplit(value)
        port = parts.port or SMTP_PORTS[parts.scheme]
        user, password = (unquote(part or "", errors="strict") for part in (parts.username, parts.password))
    except (ValueError, KeyError):
        raise wrong from None
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment or bool(user) != bool(password):
        raise wrong
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": user,
        "EMAIL_HOST_PASSWORD": password,
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def sender(name: str, site: str) -> str:
    """Whom mails come from, as `Name <address>` or an address alone; by default noreply@ the host of `site`."""
    host = host_of(site)
    value = text(name)
    if not value:
        return f"noreply@{'localhost' if _is_address(host.strip('[]')) else host}"
    wrong = stop(f"{name} is {value!r}: use one address, such as noreply@blog.example.org or The Blog <a@example.org>.")
    try:
        header = HeaderRegistry()("From", value)
        (address,) = header.addresses
        EmailValidator(allowlist=["localhost", host])(address.addr_spec)
    except (ValueError, IndexError, MessageError, ValidationError):
        raise wrong from None
    defects = [defect for defect in header.defects if not isinstance(defect, ObsoleteHeaderDefect)]  # a dot in a name
    if defects or not value.isprintable():
        raise wrong
    return str(address)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
