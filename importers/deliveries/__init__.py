"""Deliveries: receiving files, understanding them with a person, loading them in the background."""
