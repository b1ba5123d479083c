"""Django's settings, built from a data folder.

The names at module level are those of the default folder; they are there for tools that check the code.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import Any

from omtanke.settings import SignInElsewhere
from omtanke.storage.databases import database_url

HERE = Path(__file__).parent
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
SESSION_SECONDS = 14 * 86_400
LANGUAGES = [("sv", "Svenska"), ("en", "English")]
OWN_ONLY = ["'self'"]
DJANGO_NAMES = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


def staff_file(data: Path) -> dict[str, Any]:
    """Accounts and sessions of staff as a file of the folder."""
    options = {"timeout": 20, "transaction_mode": "IMMEDIATE", "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL"}
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": data / "staff.db", "OPTIONS": options, "CONN_MAX_AGE": None}


def staff_database(data: Path) -> dict[str, Any]:
    """Where accounts and sessions of staff stand."""
    url = database_url(data)
    if not url:
        return staff_file(data)
    from psycopg.conninfo import conninfo_to_dict

    parts = conninfo_to_dict(url)
    named = {ours: parts.pop(theirs, "") for ours, theirs in DJANGO_NAMES.items()}
    options = {**parts, "options": "-c search_path=omtanke_staff", "application_name": "omtanke staff"}
    return {"ENGINE": "django.db.backends.postgresql", **named, "OPTIONS": options, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True}


def settings_for(data: Path, secret: str) -> dict[str, Any]:
    """The settings of the pages over one data folder; how they are reached is set beside (app.stand_behind)."""
    data = data.resolve()
    # Browsers share cookies between ports of a host: two shops on one machine need names of their own.
    shop = blake2b(str(data).encode(), digest_size=4).hexdigest()
    return {
        "DEBUG": False,
        "SECRET_KEY": secret,
        "ALLOWED_HOSTS": [*LOOPBACK],
        "ROOT_URLCONF": "omtanke.web.urls",
        "WSGI_APPLICATION": None,
        "INSTALLED_APPS": [
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "django.contrib.sessions",
            "django.contrib.staticfiles",
            "csp",
            "omtanke.web.accounts",
            "omtanke.web",
        ],
        "MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware",
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "csp.middleware.CSPMiddleware",
            "django.middleware.gzip.GZipMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [HERE / "templates"],
                "OPTIONS": {
                    "context_processors": ["omtanke.web.chrome.chrome"],
                    "builtins": ["django.templatetags.i18n", "django.templatetags.l10n", "omtanke.web.templatetags.pages"],
                    "loaders": [("django.template.loaders.cached.Loader", ["django.template.loaders.filesystem.Loader"])],
                },
            }
        ],
        "DATABASES": {"default": staff_database(data)},
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "AUTH_USER_MODEL": "accounts.Staff",
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
            {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
            {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
        ],
        "LOGIN_URL": "sign_in",
        "SESSION_COOKIE_NAME": f"omtanke_{shop}",
        "SESSION_COOKIE_AGE": SESSION_SECONDS,
        "SESSION_COOKIE_SECURE": False,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_NAME": f"omtanke_form_{shop}",
        "CSRF_COOKIE_SECURE": False,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "CSRF_FAILURE_VIEW": "omtanke.web.refusals.form_expired",
        "LANGUAGE_COOKIE_NAME": f"omtanke_language_{shop}",
        "LANGUAGE_COOKIE_AGE": 366 * 86_400,
        "LANGUAGE_COOKIE_SAMESITE": "Lax",
        "LANGUAGE_CODE": "sv",
        "LANGUAGES": LANGUAGES,
        "LOCALE_PATHS": [HERE / "locale"],
        "USE_I18N": True,
        "USE_TZ": True,
        "TIME_ZONE": "UTC",
        "STATIC_URL": "/static/",
        "STATICFILES_DIRS": [HERE / "static"],
        "STATICFILES_FINDERS": ["django.contrib.staticfiles.finders.FileSystemFinder"],
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_AUTOREFRESH": False,
        "WHITENOISE_MAX_AGE": 366 * 86_400,
        "CONTENT_SECURITY_POLICY": {
            "DIRECTIVES": {
                "default-src": ["'none'"],
                "script-src": OWN_ONLY,
                "style-src": OWN_ONLY,
                "img-src": OWN_ONLY,
                "connect-src": OWN_ONLY,
                "form-action": OWN_ONLY,
                "base-uri": ["'none'"],
                "frame-ancestors": ["'none'"],
            }
        },
        "SECURE_CONTENT_TYPE_NOSNIFF": True,
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
        "X_FRAME_OPTIONS": "DENY",
        "DATA_UPLOAD_MAX_MEMORY_SIZE": 262_144,
        "LOGGING": {
            "version": 1,
            "disable_existing_loggers": False,
            "handlers": {"console": {"class": "omtanke.runtime.logs.FromLibraries"}},
            "loggers": {"django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False}},
        },
        "OMTANKE_DATA": data,
        "OMTANKE_LEADS_NEED_CODE": False,
        "OMTANKE_OIDC": SignInElsewhere(),
    }


OMTANKE_DATA: Path
OMTANKE_LEADS_NEED_CODE: bool
OMTANKE_OIDC: SignInElsewhere
globals().update(settings_for(Path("omtanke-data"), "for-checking-the-code-only"))
