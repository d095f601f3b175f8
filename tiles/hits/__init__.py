"""Tiles that were drawn before, answered without Django: below its middleware, not below access."""
