"""What the process environment says, read and checked once at start.

Every variable is described in docs/environment.example; a test compares the two.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

DEVELOPMENT = "development"
PRODUCTION = "production"

DEVELOPMENT_SECRET = "development-only-" + "0" * 48
DEVELOPMENT_FIELD_KEY = "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="


@dataclass(frozen=True, slots=True)
class Environment:
    profile: str
    database: dict[str, object]
    secret_key: str
    field_key: str
    allowed_hosts: list[str]
    csrf_trusted_origins: list[str]
    public_url: str
    media_root: Path
    static_root: Path
    tile_cache: Path
    tile_cache_mb: int
    tianditu_key: str

    @property
    def development(self) -> bool:
        return self.profile == DEVELOPMENT


def database_settings(url: str, test_name: str) -> dict[str, object]:
    """Django's DATABASES entry for `postgis://user:password@host:port/name?host=/socket/folder`.

    Raises ImproperlyConfigured for another scheme or a missing database name.
    """
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgis", "postgres", "postgresql"} or not name:
        msg = "DATABASE_URL must read postgis://user:password@host:port/name"
        raise ImproperlyConfigured(msg)
    socket_folder = parse_qs(parts.query).get("host", [""])[0]
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": socket_folder or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "TEST": {"NAME": test_name} if test_name else {},
    }


def _listed(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def _secret(name: str, development_value: str, *, development: bool) -> str:
    value = os.environ.get(name, "")
    if value or not development:
        if not value:
            raise ImproperlyConfigured(f"{name} must be set when PROFILE is {PRODUCTION}")
        return value
    return development_value


def _number(name: str, default: int) -> int:
    value = os.environ.get(name) or str(default)
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}")
    return int(value)


def read_environment(root: Path) -> Environment:
    """Read and check the environment; `root` is the project folder, for the default folders.

    Raises ImproperlyConfigured and names the variable at fault.
    """
    profile = os.environ.get("PROFILE", DEVELOPMENT)
    if profile not in {DEVELOPMENT, PRODUCTION}:
        raise ImproperlyConfigured(f"PROFILE must be {DEVELOPMENT} or {PRODUCTION}, not {profile}")
    development = profile == DEVELOPMENT
    url = os.environ.get("DATABASE_URL", "postgis:///xiangcun")
    return Environment(
        profile=profile,
        database=database_settings(url, os.environ.get("DATABASE_TEST_NAME", "")),
        secret_key=_secret("SECRET_KEY", DEVELOPMENT_SECRET, development=development),
        field_key=_secret("FIELD_KEY", DEVELOPMENT_FIELD_KEY, development=development),
        allowed_hosts=_listed("ALLOWED_HOSTS")
        or (["localhost", "127.0.0.1", "[::1]"] if development else []),
        csrf_trusted_origins=_listed("CSRF_TRUSTED_ORIGINS"),
        public_url=os.environ.get("PUBLIC_URL", "").rstrip("/"),
        media_root=Path(os.environ.get("MEDIA_ROOT", root / "var" / "media")),
        static_root=Path(os.environ.get("STATIC_ROOT", root / "var" / "static")),
        tile_cache=Path(os.environ.get("TILE_CACHE", root / "var" / "tiles")),
        tile_cache_mb=_number("TILE_CACHE_MB", 512),
        tianditu_key=os.environ.get("TIANDITU_KEY", ""),
    )
