"""All settings, from the environment; each default works on one machine (docs/operating.md lists them)."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from blog.players import FRAMES
from config import env

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = env.folder("DATA_DIR", BASE_DIR / "var")

THEME_DIR = DATA_DIR / "theme"  # templates/ and static/ over those of this program: docs/theming.md

DEBUG = env.boolean("DEBUG")
DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR)}
SECRET_KEY = env.secret_key("SECRET_KEY", DATA_DIR, may_make="sqlite3" in DATABASES["default"]["ENGINE"])
SECRET_KEY_FALLBACKS = env.names("SECRET_KEY_FALLBACKS", [])
HOST = env.text("HOST", "127.0.0.1")  # where gunicorn listens
PORT = env.integer("PORT", 8000, 1, 65535)
SITE_URL = env.site_url("SITE_URL", env.local_url(HOST, PORT))
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", [env.host_of(SITE_URL), "localhost", "127.0.0.1", "[::1]"])
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES")
WEB_CONCURRENCY = env.integer("WEB_CONCURRENCY", 2, 1, 64)
REDIS_URL = env.redis_url("REDIS_URL")  # counts limits, and nothing else: sessions stay in the database
READY_PAGES_LINK = DATA_DIR / "ready_pages"
READY_PAGES_DIR = env.ready_pages("READY_PAGES_DIR", READY_PAGES_LINK)  # pages as files, for nginx: config/ready
CDN_MAX_AGE = env.integer("CDN_MAX_AGE", 0, 0, 86_400)  # seconds; 0: pages are held by nobody else (config/cdn.py)
CDN_PURGE_URL = env.hook("CDN_PURGE_URL")
CDN_PURGE_TOKEN = env.token("CDN_PURGE_TOKEN")
if CDN_PURGE_URL and not CDN_MAX_AGE:
    raise env.stop("CDN_PURGE_URL is given and CDN_MAX_AGE is not: there would be nothing to purge.")

LOG_FORMAT = env.choice("LOG_FORMAT", "text", "json")
METRICS_TOKEN = env.token("METRICS_TOKEN")  # for /metrics, where it is asked for by another machine
SENTRY_DSN = env.sentry_dsn("SENTRY_DSN")

BACKUP_DIR = env.backups("BACKUP_DIR", DATA_DIR / "media", DATA_DIR / "static")  # for one each night, by the worker
BACKUP_PASSPHRASE = env.passphrase("BACKUP_PASSPHRASE")  # seals backups: config/backup/sealing.py

INSTALLED_APPS = [
    "config.apps.MarginaliaConfig",
    "comments.apps.CommentsConfig",
    "blog.apps.BlogConfig",
    "config.apps.MarginaliaAdminConfig",
    "django.forms",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "taggit",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "config.middleware.WatchedMiddleware",
    "config.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "config.static.StaticMiddleware",
    "config.middleware.ContentPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.sessions.noting.SignInMiddleware",
    "blog.middleware.SiteMiddleware",
    "blog.legacy.MobileParameterMiddleware",
    "django.middleware.common.CommonMiddleware",
    "blog.middleware.OldPathMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.signin.required.SecondStepMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": env.folders(THEME_DIR / "templates", BASE_DIR / "templates"),
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "blog.context.site",
            ],
        },
    },
]

# Widgets' templates stand in templates/ too.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "blog.User"
# The first makes new passwords; those that the second one made go on working, and are made anew at the next sign-in.
PASSWORD_HASHERS = ["config.signin.hashing.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
LEAST_PASSWORD = 10  # letters
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("UserAttributeSimilarityValidator", {}),
        ("MinimumLengthValidator", {"min_length": LEAST_PASSWORD}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "home"

OTP_TOTP_THROTTLE_FACTOR = 0  # config/signin/throttle.py counts: the library's own waits double without an end

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("ar", _("Arabic")),
    ("de", _("German")),
    ("en", _("English")),
    ("es", _("Spanish")),
    ("fa", _("Persian")),
    ("fr", _("French")),
    ("he", _("Hebrew")),
    ("ja", _("Japanese")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # what the site shows is chosen in the admin: blog.SiteSettings.time_zone

STATIC_URL = "/static/"
STATICFILES_DIRS = env.folders(THEME_DIR / "static", BASE_DIR / "static")
STATIC_ROOT = DATA_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": ("django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "config.static.StaticFiles")
    },
}
# Source maps are large, never asked for by readers, and slow to compress.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("map", "jpg", "jpeg", "png", "gif", "webp", "avif", "gz", "br", "woff2")

TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = False

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

globals().update(env.email("EMAIL_URL"))  # EMAIL_BACKEND; with a mail server, EMAIL_HOST and the like
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.sender("EMAIL_FROM", SITE_URL)
PASSWORD_RESET_TIMEOUT = 86400  # seconds
# What mails are about: the function that composes each when it is sent (blog/mail/), and its name at the desk.
MAIL_KINDS = {
    "password": "config.letters.password",
    "sign_in": "config.letters.sign_in",
    "invitation": "config.letters.invitation",
    "prove": "comments.letters.prove",
    "follow": "comments.letters.follow",
    "mine": "comments.letters.mine",
    "decision": "comments.letters.decision",
    "announce": "comments.letters.announce",
    "reply": "comments.letters.reply",
    "held": "comments.letters.held",
}
MAIL_NAMES = {
    "password": _("forgotten password"),
    "sign_in": _("sign-in with a new browser"),
    "invitation": _("invitation"),
    "prove": _("proof of an address"),
    "follow": _("agreeing to follow a post"),
    "mine": _("link to everything of one’s own"),
    "decision": _("decision on a comment"),
    "announce": _("finding those who follow a thread"),
    "reply": _("new comment in a followed thread"),
    "held": _("comments that wait"),
}

BODY_MOST = 25 * 1024 * 1024  # bytes of one request; a picture may have 20 MB; deploy/nginx.conf has the same
# Uploads are checked by blog/images; everything else a form may carry is small.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 200  # as many as the library takes in one form; scripts send them one by one
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# Readers' pages run only this site's own scripts and styles; the admin's editor needs its
# import map and styles from the page, so config.middleware widens the policy there alone.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": list(FRAMES),  # which readers load by a button: blog/players.py
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
ADMIN_CONTENT_POLICY = {"script-src": [NONCE]}

HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.integer("HSTS_SECONDS", 3600, 0, 2 * 365 * 86400) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.boolean("HSTS_SUBDOMAINS")
SECURE_HSTS_PRELOAD = env.boolean("HSTS_PRELOAD")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
# Subdomains and preload bind hosts that are not this site's; HSTS_SUBDOMAINS and HSTS_PRELOAD turn them on.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "config.logs.Text", "format": "{asctime} {levelname} {name}{where}: {message}", "style": "{"},
        "json": {"()": "config.logs.Json"},
    },
    "filters": {"without_capabilities": {"()": "config.logs.WithoutCapabilities"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["without_capabilities"]},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    # Django's own handler mails the administrators a copy of the request; logs hold no personal data.
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "gunicorn.error": {"level": "WARNING", "handlers": [], "propagate": True},
        # Django answers HEAD with a body and leaves it to the server to drop it; gunicorn would tell of each.
        "gunicorn.http.wsgi": {"level": "ERROR"},
        # A line for each request: for machines to read. People want to see what is wrong.
        "marginalia.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        # Of each task it would tell that it began and that it ended well.
        "django_tasks": {"level": "WARNING"},
    },
}
