"""As little Django as bin/serve can start; the environment module is the real one, copied in."""

from pathlib import Path

from gisapp.environment import read_environment

ENVIRONMENT = read_environment(Path(__file__).resolve().parent.parent)
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
DATABASES = {"default": ENVIRONMENT.database}
STATIC_ROOT = ENVIRONMENT.static_root
STATIC_URL = "/static/"
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "django_tasks",
    "django_tasks_db",
    "gisapp",
]
ROOT_URLCONF = "gisapp.urls"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
