"""Django settings; everything that differs between places comes from the environment."""

import hashlib
from pathlib import Path

from gisapp.environment import read_environment

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = read_environment(BASE_DIR)

DEBUG = False
SECRET_KEY = ENVIRONMENT.secret_key
FIELD_KEY = ENVIRONMENT.field_key
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
CSRF_TRUSTED_ORIGINS = ENVIRONMENT.csrf_trusted_origins
PUBLIC_URL = ENVIRONMENT.public_url
TIANDITU_KEY = ENVIRONMENT.tianditu_key
DEVELOPMENT = ENVIRONMENT.development

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.humanize",
    "ninja",
    "django_tasks",
    "django_tasks_db",
    "layers",
    "importers",
    "tiles",
    "gisapp.projects",
    "gisapp.maintenance",
    "gisapp.verification",
    "gisapp.zones",
    "gisapp.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gisapp.header_credentials.HeaderCredentialsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "gisapp.content_policy.ContentPolicyMiddleware",
    "gisapp.failures.FailureMiddleware",
]

# Debian 12's GDAL cannot block network access for spatial references given as text. None given by
# a user ever reaches Django's GDAL: files are read by pyogrio, in the importers.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

ROOT_URLCONF = "gisapp.urls"
WSGI_APPLICATION = "gisapp.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gisapp.web.context.shell",
            ],
        },
    },
]

DATABASES = {"default": ENVIRONMENT.database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "layers.User"
AUTHENTICATION_BACKENDS = ["layers.access.sessions.SessionBackend"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/map/"
LOGOUT_REDIRECT_URL = "/map/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
FORMAT_MODULE_PATH = ["gisapp.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

MEDIA_ROOT = ENVIRONMENT.media_root
STATIC_ROOT = ENVIRONMENT.static_root
TILE_CACHE = ENVIRONMENT.tile_cache
TILE_CACHE_MB = ENVIRONMENT.tile_cache_mb
STATIC_SOURCE = BASE_DIR / "gisapp" / "web" / "static"


def _static_version() -> str:
    """Eight hex digits of the content of our static tree.

    The version is part of every static address, so that browsers may keep a file for ever and
    ES modules can import each other by plain relative paths.
    """
    digest = hashlib.sha256()
    for path in sorted(STATIC_SOURCE.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC_SOURCE).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


STATIC_PREFIX = "/static/"
STATIC_URL = f"{STATIC_PREFIX}{_static_version()}/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 31_536_000
# A development server and the tests serve straight from the source folders.
WHITENOISE_USE_FINDERS = DEVELOPMENT

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if not DEVELOPMENT:
    # Behind the reverse proxy, which speaks TLS and sets this header itself.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    # The proxy and the orchestrator probe these over plain HTTP from inside.
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
EVIDENCE_MAX_BYTES = 15 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    # It tells of its threads whenever it is imported.
    "loggers": {"numexpr": {"level": "WARNING"}},
}
