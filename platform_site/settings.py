"""Settings: environment variables only. With none set the embedded services of `kit.embedded` are used."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import django_stubs_ext
import environ
from csp.constants import NONE, SELF

from platform_site.kit.embedded import embedded_environment
from platform_site.kit.log_lines import json_logging

django_stubs_ext.monkeypatch()  # so that fields and forms can be written with their types, DecimalField[Any, Any]

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR_DIR = Path(env.str("PLATFORM_VAR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
# Third-party front-end files that set-up takes from npm; shared by every var directory of this clone.
VENDOR_DIR = Path(env.str("VENDOR_DIR", default=str(BASE_DIR / "var" / "vendor")))

# Without DATABASE_URL the platform looks after its own services, secret and clock: the newcomer's run and the tests.
EMBEDDED = not env.str("DATABASE_URL", default="")
_services = embedded_environment(VAR_DIR) if EMBEDDED else {}

# --- security ---------------------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = _services["SECRET_KEY"] if EMBEDDED else env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"] if EMBEDDED else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_TLS = env.bool("BEHIND_TLS", default=not EMBEDDED)
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_REDIRECT_EXEMPT = [r"^healthz/", r"^metrics/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS and TRUSTED_PROXY_COUNT else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = BEHIND_TLS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_AGE = 8 * 60 * 60
CSRF_COOKIE_SECURE = BEHIND_TLS
CSRF_COOKIE_HTTPONLY = True
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

# Nothing inline, nothing from elsewhere. Tabler's style sheet carries small pictures as data: addresses.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# --- services ---------------------------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url_config(_services["DATABASE_URL"] if EMBEDDED else env.str("DATABASE_URL"))}
DATABASES["default"]["HOST"] = unquote(DATABASES["default"]["HOST"])  # a socket directory is written with %2F
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Twelve joined tables took 26 ms to plan and under 1 ms to run; following the written order of joins takes 5 ms.
DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
    "-c lock_timeout=3s -c timezone=Asia/Shanghai -c join_collapse_limit=4"
)
REDIS_URL = _services["REDIS_URL"] if EMBEDDED else env.str("REDIS_URL")

CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# kombu writes a socket as redis+socket:// and names its database otherwise than redis-py.
CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)
# Objections from one network address in an hour; offices behind one address share it.
OBJECTIONS_PER_HOUR = env.int("OBJECTIONS_PER_HOUR", default=20)

# Suppliers' log endpoints: inside networks that may be asked all the same; a file with further certificate authorities;
# the longest a call may take.
PULL_PRIVATE_NETWORKS = env.list("PULL_PRIVATE_NETWORKS", default=[])
PULL_AUTHORITIES = env.str("PULL_AUTHORITIES", default="")
PULL_SECONDS = env.float("PULL_SECONDS", default=30.0)

# At least once: a task killed half-way is offered again, and well before it could still be running.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    # A silent broker must not hold up the page that rings it: the outbox offers the job again.
    "max_retries": 1,
    "interval_start": 0,
    "socket_connect_timeout": 2,
}
CELERY_TASK_SOFT_TIME_LIMIT = 480
CELERY_TASK_TIME_LIMIT = 540
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500

EMAIL_CONFIG = (
    env.email_url("EMAIL_URL")
    if env.str("EMAIL_URL", default="")
    else {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": str(VAR_DIR / "mail")}
)
vars().update(EMAIL_CONFIG)
# Where links in letters lead; pages know their own address.
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="上云上平台服务券平台 <noreply@localhost>")

# --- parts ------------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_tables2",
    "django_filters",
    "django_cotton",
    "django_prometheus",
    "django_structlog",
    "platform_site.kit",
    "platform_site.audit",
    "platform_site.messages",
    "platform_site.files",
    "platform_site.outbox",
    "platform_site.working_calendar",
    "platform_site.accounts",
    "platform_site.notices",
    "catalog",
    "suppliers",
    "vouchers",
    "monitoring",
    "settlement",
    "platform_site",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "platform_site.accounts.middleware.ActorMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "platform_site.accounts.middleware.SecondFactorMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "platform_site.urls"
WSGI_APPLICATION = "platform_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton", "platform_site.kit.templatetags.wording"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "platform_site.portals.context.shell",
            ],
        },
    },
]
COTTON_DIR = "components"
FORM_RENDERER = "platform_site.kit.forms.PlatformFormRenderer"

# --- people -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "platform_site.accounts.backends.SignInBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email", "phone")},
    },
    {"NAME": "platform_site.accounts.policies.LongEnough", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portals:enter"
LOGOUT_REDIRECT_URL = "/"
OFFICIALS_NEED_SECOND_FACTOR = env.bool("OFFICIALS_NEED_SECOND_FACTOR", default=not EMBEDDED)

ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BEHIND_TLS else "http"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # django-axes counts failed sign-ins and has its own page
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
ACCOUNT_ADAPTER = "platform_site.accounts.domain.sign_in.AccountAdapter"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_FORMS = {
    "login": "platform_site.accounts.forms.SignInForm",
    "reset_password": "platform_site.accounts.forms.AskResetForm",
    "reset_password_from_key": "platform_site.accounts.forms.NewPasswordForm",
    "change_password": "platform_site.accounts.forms.ChangeOwnPasswordForm",
    "reauthenticate": "platform_site.accounts.forms.PasswordAgainForm",
    "add_email": "platform_site.accounts.forms.NewEmailForm",
}
MFA_ADAPTER = "platform_site.accounts.domain.sign_in.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "platform_site.accounts.forms.CodeForm",
    "reauthenticate": "platform_site.accounts.forms.CodeAgainForm",
    "activate_totp": "platform_site.accounts.forms.SwitchOnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "上云上平台服务券平台"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "platform_site.kit.lockout.name_given"
AXES_LOCKOUT_TEMPLATE = "lockout.html"
AXES_IPWARE_PROXY_COUNT = TRUSTED_PROXY_COUNT or None
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- API --------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["platform_site.kit.json_answers.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "COERCE_DECIMAL_TO_STRING": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "上云上平台服务券平台接口",
    "DESCRIPTION": "金额为两位小数的字符串，时间为带时区的 ISO 8601。拒绝时返回全部理由：条款、原因、办法。",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- language, files, static ------------------------------------------------------------------------------------------

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

MEDIA_ROOT = Path(env.str("STORAGE_DIR", default=str(VAR_DIR / "files")))
# Socket of a clamd that looks at every upload; empty: there is none.
CLAMD_SOCKET = env.str("CLAMD_SOCKET", default="")
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_DIR", default=str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "templates" / "static", ("vendor", VENDOR_DIR)]
WHITENOISE_USE_FINDERS = EMBEDDED
WHITENOISE_AUTOREFRESH = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DJANGO_TABLES2_TEMPLATE = "django_tables2/platform.html"

# --- clock, metrics, log ----------------------------------------------------------------------------------------------

CLOCK_MAY_BE_DIALLED = EMBEDDED
CLOCK_OFFSET_FILE = VAR_DIR / "clock-offset"

METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # empty: there is no such page
PROMETHEUS_EXPORT_MIGRATIONS = False

DJANGO_STRUCTLOG_CELERY_ENABLED = True
LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = json_logging(LOG_LEVEL)
