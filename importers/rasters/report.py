"""What an import of a raster found and did, for the command line and the page."""

from dataclasses import dataclass
from typing import Any

from importers.rasters.description import RasterDescription
from importers.rasters.encoding import Encoding
from importers.rasters.placing import Place
from layers.models.raster import Raster


@dataclass(slots=True)
class RasterReport:
    """`raster` is None after a dry run; `size` is of the converted file, in bytes."""

    description: RasterDescription
    place: Place
    encoding: Encoding
    size: int
    sha256: str
    statistics: list[dict[str, Any]]
    raster: Raster | None = None

    def as_json(self) -> dict[str, Any]:
        found, place = self.description, self.place
        return {
            "format": found.format,
            "width": found.width,
            "height": found.height,
            "bands": found.value_bands,
            "dtype": found.dtype,
            "datum": place.datum.name,
            "datum_why": {"zh": place.why.zh, "en": place.why.en},
            "bounds": list(place.bounds),
            "resolution_m": place.resolution_m,
            "min_zoom": place.block.min_zoom,
            "max_zoom": place.block.zoom,
            "compression": self.encoding.compression,
            "size": self.size,
            "sha256": self.sha256,
            "name": self.raster.name if self.raster else "",
            "version": self.raster.version if self.raster else 0,
        }
