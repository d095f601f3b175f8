"""How much may be delivered; sizes in bytes."""

MOST_FILE_BYTES = 2 << 30
"""All files of one delivery together."""
MOST_OPEN_BYTES = 6 << 30
"""All of one person's deliveries whose files are still kept."""
MOST_FILES = 3_000
"""A folder of photographs, or a file geodatabase."""
MOST_OPEN_DELIVERIES = 60
CHUNK_BYTES = 8 << 20
SPARE_BYTES = 1 << 30
"""Disk that deliveries leave to the rest of the service."""
KEPT_DAYS = 30
