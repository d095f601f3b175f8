"""What a run made of a raster."""

from dataclasses import dataclass
from typing import Any

from gisapp.web.imports.outcome import RunView, worded
from importers.deliveries.preview import zoom_for
from importers.places.labels import label
from layers.models.raster import Raster


@dataclass(frozen=True)
class RasterOutcome(RunView):
    """A run of a raster as it is shown."""

    @property
    def found(self) -> dict[str, Any]:
        return dict(self.run.report)

    @property
    def datum(self) -> str:
        return str(label(str(self.found.get("datum", ""))))

    @property
    def why(self) -> str:
        return worded(self.found.get("datum_why", ""))

    @property
    def raster(self) -> Raster | None:
        """What it put on the map, as long as that is what is there."""
        if not self.found.get("name"):
            return None
        return Raster.objects.filter(
            name=self.found["name"], version=self.found["version"], removed_at=None
        ).first()

    @property
    def replaced(self) -> bool:
        return int(self.found.get("version") or 0) > 1

    @property
    def map_hash(self) -> str:
        """The map's view around it."""
        if "bounds" not in self.found:
            return ""
        west, south, east, north = self.found["bounds"]
        zoom = zoom_for(max(east - west, north - south))
        return f"#{zoom}/{(south + north) / 2:.5f}/{(west + east) / 2:.5f}"
