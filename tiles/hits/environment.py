"""What this application and Django's view tell each other, in the environment of a request."""

READER = "tiles.reader"
"""The view leaves here a function from an epoch to its Reader."""

DRAWN = "tiles.drawn"
"""The view finds here a tile that is drawn already, as `serving.Served`, for who may see it."""
