"""Django's settings, all derived from `config/env.py`."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from copydesk.config import env as environment
from copydesk.editorial.logic.embeds import FRAME_HOSTS

ENV = environment.load()
PACKAGE = Path(__file__).resolve().parent.parent
DATA_DIR = environment.site_dir() / ENV.data_dir

SECRET_KEY = ENV.secret_key or "insecure: only for a site that is served over plain http"
DEBUG = ENV.debug
ALLOWED_HOSTS = (
    ["*"] if DEBUG else [ENV.host, "localhost", "127.0.0.1", "[::1]", *ENV.allowed_hosts]
)
CSRF_TRUSTED_ORIGINS = [ENV.base_url] if ENV.is_secure else []

INSTALLED_APPS = [
    "copydesk.ops",
    "copydesk.importers",
    "copydesk.federation",
    "copydesk.record",
    "copydesk.editorial",
    "copydesk.sources",
    "copydesk.members",
    "copydesk.pagestore",
    "copydesk.theme",
    "wagtail_footnotes",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "copydesk.members.apps.DeskUsers",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.embeds",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.sites",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "template_partials",
    "django_htmx",
    "django_linear_migrations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
]
FIRST_PARTY_APPS = [
    "copydesk.ops",
    "copydesk.importers",
    "copydesk.federation",
    "copydesk.record",
    "copydesk.editorial",
    "copydesk.sources",
    "copydesk.members",
    "copydesk.pagestore",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "copydesk.pagestore.middleware.Compression",
    "copydesk.theme.middleware.ContentSecurityPolicy",
    "copydesk.members.middleware.MemberMark",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "copydesk.theme.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "copydesk.record.middleware.TwoPeople",
    "copydesk.editorial.middleware.DeskTransactions",  # Last, so that the view alone is in the transaction.
]

ROOT_URLCONF = "copydesk.config.urls"
WSGI_APPLICATION = "copydesk.config.wsgi.application"
COPYDESK_BASE_URL = ENV.base_url
COPYDESK_EMBED_HOSTS = FRAME_HOSTS
COPYDESK_PUBLICATION = "editorial.Publication"
COPYDESK_WIRING = "copydesk.config.wiring.WIRING"
# Comments wait in the reports of imports, which stand beside the counting and not below it.
COPYDESK_COMMENTS = "copydesk.importers.queries.kept_comments"
COPYDESK_PAGES_DIR = DATA_DIR / "pages"
COPYDESK_PAGES_SIZE = ENV.page_store_mb * 2**20
COPYDESK_PURGE_URL, COPYDESK_PURGE_TOKEN = ENV.purge_url, ENV.purge_token
COPYDESK_RECORD_KEY = ENV.record_key
COPYDESK_SNAPSHOTS_DIR = DATA_DIR / "snapshots"
COPYDESK_SOURCE_NETWORKS = ENV.source_networks
COPYDESK_METRICS_TOKEN = ENV.metrics_token
# A content delivery network may keep a page for as long as it is told when to let go of it, and not at all otherwise.
COPYDESK_PAGES_CACHE_CONTROL = (
    "public, max-age=0, must-revalidate, s-maxage=86400"
    if ENV.purge_url
    else "public, max-age=0, must-revalidate"
)

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "copydesk.editorial.views.pages.publication",
            ],
        },
    },
]


def _database(url: str) -> dict[str, object]:
    if not url or url.startswith("sqlite:"):
        name = urlsplit(url).path.removeprefix("/") if url else ""
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name or DATA_DIR / "copydesk.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # WAL lets readers go on while a writer commits; NORMAL loses no consistency with it.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; "
                "PRAGMA mmap_size=134217728; PRAGMA cache_size=-16000;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.removeprefix("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


DATABASES = {"default": _database(ENV.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "members.Member"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Sign-in is by a code sent to the address, or a passkey; a password is a choice, never a duty.
ACCOUNT_ADAPTER = "copydesk.members.backends.AccountAdapter"
ACCOUNT_FORMS = {"login": "copydesk.members.forms.signing_in.SignIn"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_SIGNUP_FORM_CLASS = "copydesk.members.forms.joining.SignUp"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = (
    15 * 60
)  # Some mail servers keep a stranger's mail waiting for ten minutes.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = (
    True  # One address for each account; a new one counts once its code has been typed.
)
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ENV.is_secure else "http"
# Attempts are counted by the address the nearest proxy of ours saw; what a client says of itself counts for nothing.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if ENV.trust_proxy else 0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers allow passkeys on plain http for localhost alone; so does the library when told.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV.is_secure
MFA_TOTP_ISSUER = ENV.host
USERSESSIONS_TRACK_ACTIVITY = False  # It would write on every page a member reads.

# Attempts to sign in are counted in the cache. In the database every process and node counts together, and a
# restart forgets nothing; files cannot count atomically, and memory would count in each process by itself.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "members_cacheentry",
        "OPTIONS": {"MAX_ENTRIES": 20_000, "CULL_FREQUENCY": 10},
    }
}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.is_secure
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# Not in the session: a stored page would have to look there whether there is anything to say.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False  # The proxy that ends TLS redirects; a second redirect here can loop.
SECURE_HSTS_SECONDS = 31_536_000 if ENV.is_secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = (
    False  # Other names under the domain are not ours to decide on.
)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W019", "security.W008", "security.W021"]
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail shows previews in a frame of its own page.
if ENV.trust_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LANGUAGE_CODE = ENV.language
LANGUAGES = [("en", _("English")), ("ar", _("Arabic"))]
if LANGUAGE_CODE not in dict(
    LANGUAGES
):  # Of a publication in another language the interface is English.
    LANGUAGES.append((LANGUAGE_CODE, LANG_INFO.get(LANGUAGE_CODE, {}).get("name", LANGUAGE_CODE)))
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
LOCALE_PATHS = [PACKAGE / "theme" / "locale"]
USE_I18N = True
TIME_ZONE = ENV.time_zone
USE_TZ = True

STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "copydesk.theme.backends.BundleFinder",
]
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
# For the desk alone, whose lists and choosers show pictures by it. Readers get pictures and files from other views.
MEDIA_URL = "/desk/media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000 if not DEBUG else 0
DATA_UPLOAD_MAX_NUMBER_FIELDS = (
    10_000  # A long article in the block editor has thousands of form fields.
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

_mail = urlsplit(ENV.email_url)
EMAIL_BACKEND = (
    "copydesk.editorial.backends.mail.AfterCommit"
    if _mail.scheme.startswith("smtp")
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = _mail.hostname or "localhost"
EMAIL_PORT = _mail.port or (
    465 if _mail.scheme == "smtps" else 587 if _mail.scheme == "smtp+starttls" else 25
)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = _mail.scheme == "smtps", _mail.scheme == "smtp+starttls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.email_from

WAGTAIL_SITE_NAME = "Copydesk"
WAGTAILADMIN_BASE_URL = ENV.base_url
WAGTAILADMIN_LOGIN_URL = (
    "/desk/login/"  # Sends strangers to /account/login/, and tells members who may not.
)
WAGTAIL_FRONTEND_LOGIN_URL = "/account/login/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False  # allauth does accounts.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILUSERS_PASSWORD_REQUIRED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False  # No request to a third party, the desk included.
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_AUTO_UPDATE_PREVIEW_INTERVAL = 1000
WAGTAIL_I18N_ENABLED = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAILIMAGES_IMAGE_MODEL = "editorial.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "copydesk.editorial.forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = [
    "avif",
    "gif",
    "jpg",
    "jpeg",
    "png",
    "webp",
]  # No SVG: it can carry script.
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 30 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 100_000_000  # What 24 cameras in 25 stay under; a bomb does not.
WAGTAILIMAGES_FORMAT_CONVERSIONS = {"avif": "jpeg", "webp": "jpeg"}
WAGTAILIMAGES_JPEG_QUALITY, WAGTAILIMAGES_WEBP_QUALITY, WAGTAILIMAGES_AVIF_QUALITY = 80, 76, 58
WAGTAILDOCS_DOCUMENT_MODEL = "editorial.Attachment"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = [
    "csv", "docx", "epub", "flac", "gpx", "ics", "key", "m4a", "m4v", "mp3", "mp4", "odp", "ods", "odt",
    "oga", "ogg", "ogv", "opus", "pdf", "pptx", "rtf", "srt", "txt", "vtt", "wav", "webm", "xlsx", "zip",
]  # fmt: skip
WAGTAILEMBEDS_FINDERS: list[
    dict[str, str]
] = []  # Embeds are facades of ours; no address is ever asked for its code.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
TAGGIT_CASE_INSENSITIVE = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
            "datefmt": "%Y-%m-%dT%H:%M:%S%z",
        },
    },
    "filters": {"outside": {"()": "copydesk.ops.serve.log.OutsideTrouble"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["outside"]}
    },
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.server": {"level": "WARNING"},
        # What is not found, and names this site does not have, are what scanners ask for all day.
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django_tasks": {"level": "WARNING"},
        # A line for each request it makes; what comes of them is told by whoever asked for them.
        "httpx": {"level": "WARNING"},
    },
}
