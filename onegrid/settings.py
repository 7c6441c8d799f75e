"""Django settings. What a site changes comes from `ONEGRID_*` environment variables and `DATABASE_URL`."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

from onegrid.kernel import database

HOME = database.home()
DEBUG = False


def _flag(name: str, default: bool) -> bool:
    return os.environ.get(name, str(default)).lower() in {"1", "true", "yes"}


def _secret_key() -> str:
    """From the environment, or made once and kept in the home folder, readable by the owner only."""
    if "ONEGRID_SECRET_KEY" in os.environ:
        return os.environ["ONEGRID_SECRET_KEY"]
    file = HOME / "keys" / "secret.key"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return file.read_text()
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(48))
    return file.read_text()


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("ONEGRID_HOSTS", "127.0.0.1,localhost,testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("ONEGRID_ORIGINS", "").split(",") if o]
SECURE = _flag("ONEGRID_HTTPS", default=False)
ONEGRID_TRUSTED_PROXIES = int(os.environ.get("ONEGRID_TRUSTED_PROXIES", "0"))  # own proxies in front

CONTEXTS = [
    "kernel",
    "accounts",
    "notices",
    "territory",
    "workforce",
    "scenarios",
    "cases",
    "intake",
    "sample",
]
PROCRASTINATE_ON_APP_READY = "onegrid.wiring.connect"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "axes",
    "ninja",
    "procrastinate.contrib.django",
    *(f"onegrid.{c}" for c in CONTEXTS if (Path(__file__).parent / c / "apps.py").exists()),
]
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["onegrid.accounts.models.PasswordHasher"]  # Argon2id, sized for one machine
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",  # Content-Length on every answer
    "onegrid.middleware.ContentPolicyMiddleware",
    "onegrid.middleware.MethodsMiddleware",
    "onegrid.middleware.StampsMiddleware",
    "onegrid.accounts.api.audit_middleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
APPEND_SLASH = False
ROOT_URLCONF = "onegrid.urls"
WSGI_APPLICATION = "onegrid.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,  # one connection per thread; a broken one is dropped after its request
        **database.connection_settings(),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
USE_TZ = True
TIME_ZONE = "UTC"  # shown in CITY_TIME_ZONE, stored in UTC
CITY_TIME_ZONE = os.environ.get("ONEGRID_TIME_ZONE", "Asia/Shanghai")

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise wants it to be there
STORAGES = {
    "default": {
        "BACKEND": os.environ.get("ONEGRID_STORAGE", "django.core.files.storage.FileSystemStorage"),
        "OPTIONS": (
            {"bucket_name": os.environ.get("ONEGRID_S3_BUCKET", "onegrid")}
            if "s3" in os.environ.get("ONEGRID_STORAGE", "").lower()
            else {"location": str(HOME / "media")}
        ),
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
PHOTO_MAX_BYTES = int(os.environ.get("ONEGRID_PHOTO_MAX_BYTES", str(20 * 2**20)))
DATA_UPLOAD_MAX_MEMORY_SIZE = 40 * 2**20  # a list of reports; files go to disk
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 * 2**20

CRYPTO_SUITE = os.environ.get("ONEGRID_CRYPTO", "international")  # or "national": SM3, SM4
DATA_KEY_FILE = os.environ.get("ONEGRID_DATA_KEY_FILE", str(HOME / "keys" / "data.key"))

SESSION_ENGINE = "onegrid.accounts.models"  # our own table: keys hashed, one join to the account
SESSION_COOKIE_NAME = "onegrid_session"
SESSION_COOKIE_AGE = 12 * 3600
ONEGRID_SESSION_IDLE = timedelta(minutes=30)
ONEGRID_HOTSPOT_FALSE_ALARMS = float(os.environ.get("ONEGRID_HOTSPOT_FALSE_ALARMS", "2"))  # a month, county
ONEGRID_QUIET_HOURS = ("22:00", "07:00")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "script-src": ["'self'", "'unsafe-inline'"],
        "frame-ancestors": ["'none'"],
    }
}

# Five wrong tries lock the account for a quarter of an hour (MLPS level 3, 身份鉴别).
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]  # phones share carrier addresses: never lock an address
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True  # the audit table has it
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "onegrid.accounts.queries.client_address"
SILENCED_SYSTEM_CHECKS = ["axes.W002", "axes.W006"]  # no axes middleware: the API answers the lock itself

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("ONEGRID_LOG", "WARNING")},
    "loggers": {"django.request": {"level": "ERROR"}, "axes": {"level": "ERROR"}},
}
