"""The overview pyramid: exact counts of live features by cell, and versions of tiles."""
