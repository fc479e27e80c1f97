"""All settings of Meso Clinic. Each environment variable is read once, here, and typed.

| variable       | default                          | meaning                                        |
| -------------- | -------------------------------- | ---------------------------------------------- |
| DATA_DIR       | `data/` beside this code         | database, media and secret key                 |
| DATABASE_URL   | SQLite in DATA_DIR               | `postgres://user:password@host/name`           |
| PORT           | 8000                             | where `make run` serves on this machine        |
| BASE_URL       | http://127.0.0.1 and PORT        | the address people type; https turns HSTS on   |
| ALLOWED_HOSTS  | the host of BASE_URL, localhost  | comma-separated                                |
| DEMO           | off                              | demo accounts with a known password            |
| DEBUG          | off                              | developer's error pages                        |
| NIGHTLY_AT     | 03:30                            | when the nightly jobs run, on this machine's   |
|                |                                  | clock; empty switches them off                 |
| PHOTO_STORAGE  | a folder in DATA_DIR             | the Django storage of photos, and its          |
|                |                                  | PHOTO_STORAGE_OPTIONS as JSON                  |
| SECRET_KEY     | made once, kept in DATA_DIR      |                                                |
"""

from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url

from meso_clinic.env import data_folder, env, secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = data_folder(BASE_DIR / "data")

DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("DEMO", False)
# Known to everybody, so these accounts are made in demo mode only.
DEMO_ACCOUNTS = ("reception", "clinician", "admin")
DEMO_PASSWORD = "meso-demo-clinic"
SECRET_KEY = secret_key(DATA_DIR)
BASE_URL = env.str("BASE_URL", f"http://127.0.0.1:{env.str('PORT', '8000')}").rstrip("/")
_address = urlsplit(BASE_URL)
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", [_address.hostname or "127.0.0.1", "localhost", "127.0.0.1"]
)
IS_HTTPS = _address.scheme == "https"
NIGHTLY_AT = env.str("NIGHTLY_AT", "03:30")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "meso_clinic.core",
    "clinic",
    "patients",
    "treatments",
    "sessions.apps.SessionsConfig",
    "records",
    "demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # It adds some random bytes and tokens are masked, so that lengths tell nobody a secret.
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "meso_clinic.core.middleware.private_pages",
    "meso_clinic.core.handover.only_the_page_handed_over",
    "meso_clinic.core.middleware.bad_bytes",
    "clinic.middleware.current_site_time",
]

ROOT_URLCONF = "meso_clinic.urls"
WSGI_APPLICATION = "meso_clinic.wsgi.application"
AUTH_USER_MODEL = "core.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "meso_clinic.core.template_loader.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "meso_clinic.core.context.shell",
                "clinic.context.clinic",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "meso_clinic.core.templatetags.access",
                "meso_clinic.core.templatetags.clinic_format",
                "meso_clinic.core.templatetags.icons",
            ],
        },
    }
]

# -- Database ----------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.parse(
        env.str("DATABASE_URL", f"sqlite:///{DATA_DIR / 'clinic.sqlite3'}"),
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE serialises writers, FULL keeps every acknowledged commit through a power cut,
    # recursive_triggers lets the delete triggers see what INSERT OR REPLACE removes.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;"
            "PRAGMA recursive_triggers=ON;PRAGMA mmap_size=134217728;"
            "PRAGMA journal_size_limit=27103364;PRAGMA cache_size=2000;"
        ),
    }
    # A file, because threads and processes of a test cannot share a database in memory.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

CACHES = {
    "default": {
        # In the database, so that the limit on wrong passwords counts over all processes.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
    }
}

# -- People and passwords ----------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "meso_clinic.core.accounts.ClosedSignup"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "5/5m/key,20/5m/ip"}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/login/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
MIN_PASSWORD_LENGTH = 12
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": MIN_PASSWORD_LENGTH},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# -- Browser security --------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_NAME = "__Host-sessionid" if IS_HTTPS else "sessionid"
CSRF_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "__Host-csrftoken" if IS_HTTPS else "csrftoken"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "meso_clinic.core.views.csrf_failure"
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31536000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# -- Language and time -------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
FIRST_DAY_OF_WEEK = 1

# -- Static files: ours in static/, libraries in place from node_modules -----------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
NODE_MODULES = BASE_DIR / "node_modules"
NPM_FILES = {
    "vendor/bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "vendor/event-calendar.min.css": "@event-calendar/build/dist/event-calendar.min.css",
    "vendor/event-calendar.min.js": "@event-calendar/build/dist/event-calendar.min.js",
    "vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vendor/idiomorph-ext.min.js": "idiomorph/dist/idiomorph-ext.min.js",
    "vendor/signature_pad.umd.min.js": "signature_pad/dist/signature_pad.umd.min.js",
    "vendor/fonts/atkinson-latin.woff2": (
        "@fontsource-variable/atkinson-hyperlegible-next/files/"
        "atkinson-hyperlegible-next-latin-wght-normal.woff2"
    ),
    "vendor/fonts/atkinson-latin-ext.woff2": (
        "@fontsource-variable/atkinson-hyperlegible-next/files/"
        "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2"
    ),
}
# PDFs are set in the same letters; they need other files of them than browsers do.
PDF_FONTS = [
    NODE_MODULES / "@expo-google-fonts" / family / weight
    for family in (
        "atkinson-hyperlegible-next",
        "noto-sans",
        "noto-naskh-arabic",
        "noto-sans-hebrew",
    )
    for weight in ("400Regular", "600SemiBold")
]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "meso_clinic.core.staticfiles.NodeModulesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "meso_clinic.core.staticfiles.HashedStorage"},
    "photos": {
        "BACKEND": env.str("PHOTO_STORAGE", "records.photo_storage.PrivateFolder"),
        "OPTIONS": env.json("PHOTO_STORAGE_OPTIONS", {"location": str(DATA_DIR / "photos")}),
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = DATA_DIR / "media"

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
