"""What goes wrong with a raster that is there."""

from layers.errors import ServiceError


class RasterUnavailable(ServiceError):
    """Its file is missing or damaged: nothing that the caller did, and nothing that waiting mends.

    The text names the raster, never its path; the log has both.
    """

    code = "unavailable"
    status = 503
