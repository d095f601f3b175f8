"""Vector tiles over live features."""
