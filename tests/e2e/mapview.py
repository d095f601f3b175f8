"""Where things are on the screen: the view is read from the address, as a user would share it."""

import math
from dataclasses import dataclass

from playwright.sync_api import Page

HALF_WORLD = 20_037_508.342789244

FRAMES = """() => new Promise((done) => {
    let left = 4;
    const frame = () => { left -= 1; if (left) requestAnimationFrame(frame); else done(); };
    requestAnimationFrame(frame);
})"""


@dataclass(frozen=True, slots=True)
class MapPage:
    """A browser page that shows the map workspace."""

    page: Page

    def settle(self) -> None:
        """Until modules run and the tiles in view are drawn."""
        self.page.wait_for_selector("html[data-map=ready]")
        # A change of view asks for tiles only when the next frames are drawn.
        self.page.evaluate(FRAMES)
        self.page.wait_for_selector("#map[aria-busy=false]")
        self.page.evaluate(FRAMES)

    def look_at(
        self, lon: float, lat: float, zoom: float = 15, layers: str = "", rasters: str = ""
    ) -> None:
        self.settle()
        self.page.evaluate(
            "hash => { window.location.hash = hash; }",
            f"{zoom}/{lat}/{lon}/{layers}/state/{rasters}",
        )
        self.settle()

    def pixel(self, lon: float, lat: float) -> tuple[float, float]:
        """Where this place is now, in pixels of the window."""
        zoom, centre_lat, centre_lon = self._view()
        resolution = 2 * HALF_WORLD / 256 / 2**zoom
        box = self.page.locator("#map").bounding_box()
        assert box
        x, y = mercator(lon, lat)
        centre_x, centre_y = mercator(centre_lon, centre_lat)
        return (
            box["x"] + box["width"] / 2 + (x - centre_x) / resolution,
            box["y"] + box["height"] / 2 - (y - centre_y) / resolution,
        )

    def click(self, lon: float, lat: float) -> None:
        self.page.mouse.click(*self.pixel(lon, lat))

    def double_click(self, lon: float, lat: float) -> None:
        self.page.mouse.dblclick(*self.pixel(lon, lat))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*self.pixel(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.pixel(*end), steps=6)
        self.page.mouse.up()

    def hover(self, lon: float, lat: float) -> str:
        """The tooltip's text there; empty where nothing is drawn."""
        x, y = self.pixel(lon, lat)
        self.page.mouse.move(x + 3, y)
        self.page.mouse.move(x, y)
        self.page.wait_for_timeout(120)
        tooltip = self.page.locator("#map-tooltip")
        return tooltip.inner_text() if tooltip.is_visible() else ""

    def save(self) -> None:
        """Saves the open form and waits for the answer and the refreshed tiles."""
        with self.page.expect_response("**/api/edits"):
            self.page.click("[data-edit=save]")

    def zoom(self) -> float:
        return self._view()[0]

    def _view(self) -> tuple[float, float, float]:
        hash_text = self.page.evaluate("window.location.hash")
        zoom, lat, lon = (float(part) for part in hash_text.lstrip("#").split("/")[:3])
        return zoom, lat, lon


def mercator(lon: float, lat: float) -> tuple[float, float]:
    x = lon * HALF_WORLD / 180
    y = math.log(math.tan((90 + lat) * math.pi / 360)) / math.pi * HALF_WORLD
    return x, y
