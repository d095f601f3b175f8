"""A zone's map as one HTML file that opens anywhere, with no network.

It leaves the service, so it holds public precision only: generalised county boundaries and counts
by county, of those layers whose every feature may be public. No household, no single feature.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import shapely
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from gisapp.zones.statistics import COUNTY_DIGITS, States
from gisapp.zones.territory import outlines, zone_name
from layers.models import Division, Zone
from layers.reference import BOUNDARY_CREDIT
from layers.registry import LAYERS, Layer

SHADES = ("#fdf0d5", "#f8cf92", "#f0a35c", "#d96f33", "#b0441a")
UNCOUNTED = "#dfe3dc"
LIMITS = (5.0, 10.0, 20.0, 35.0)
"""Upper bounds, in percent of features that need work, of all shades but the last."""
STYLE = """
body{margin:0;font:14px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
.note{position:fixed;z-index:999;background:rgb(255 255 255/.92);padding:10px 14px;
border-radius:6px}.note h1{font-size:17px;margin:0 0 2px}.note p{margin:0;color:#445}
.title{top:12px;left:60px;max-width:60vw}.legend{bottom:16px;right:12px}
.leaflet-container{background:#f5f3ec}
.legend span{display:inline-block;width:18px;height:11px;margin:0 5px 0 10px;border:1px solid #ccc}
"""


def shareable_layers() -> dict[str, Layer]:
    return {name: layer for name, layer in LAYERS.items() if layer.disclosed_values is None}


def shareable_map(zone: Zone, counties: Sequence[Division], counted: Mapping[str, States]) -> str:
    """The file's text; `counted` by the six digits of a county, missing where nothing is known.

    folium is imported here: it brings pandas, and every process of the service would wait for it.
    """
    import folium
    from branca.element import Element

    drawn = folium.Map(tiles=None, control_scale=True, attributionControl=False, zoomSnap=0.25)
    # folium names these by their addresses; here they are written into the file instead.
    drawn.default_js, drawn.default_css = [], []
    data = _geojson(counties, counted)
    folium.GeoJson(
        data,
        name=zone_name(zone),
        style_function=_style,
        highlight_function=lambda _feature: {"weight": 3, "color": "#1d2b29"},
        tooltip=folium.GeoJsonTooltip(["name", "counts"], labels=False),
    ).add_to(drawn)
    west, south, east, north = shapely.total_bounds(outlines(counties))
    drawn.fit_bounds([[south, west], [north, east]])
    page: Any = drawn.get_root()
    page.title = escape(zone_name(zone))
    page.header.add_child(Element(f"<style>{_vendored('leaflet.css')}{STYLE}</style>"), "css", 0)
    page.header.add_child(Element(f"<script>{_vendored('leaflet.js')}</script>"), "leaflet", 1)
    page.html.add_child(Element(_notes(zone)))
    text: str = page.render()
    return text


@cache
def _vendored(name: str) -> str:
    # Braces and percent signs would be read as a template by folium's renderer.
    text = (Path(settings.STATIC_SOURCE) / "vendor" / name).read_text(encoding="utf-8")
    return "{% raw %}" + text + "{% endraw %}"


def _geojson(counties: Sequence[Division], counted: Mapping[str, States]) -> dict[str, Any]:
    features = []
    for county, outline in zip(counties, outlines(counties), strict=True):
        states = counted.get(county.code[:COUNTY_DIGITS])
        properties = {
            "name": county.name,
            "percent": states.needing_percent if states and states.total else None,
            "counts": _counts(states),
        }
        features.append(
            {
                "type": "Feature",
                "properties": properties,
                "geometry": shapely.geometry.mapping(shapely.set_precision(outline, 1e-4)),
            }
        )
    return {"type": "FeatureCollection", "features": features}


def _counts(states: States | None) -> str:
    if states is None or not states.total:
        return _("not counted")
    values = {"number": states.needing_work, "total": states.total}
    return _("%(number)s of %(total)s need work") % values


def _style(feature: dict[str, Any]) -> dict[str, Any]:
    percent = feature["properties"]["percent"]
    shade = sum(percent >= limit for limit in LIMITS) if percent is not None else None
    fill = UNCOUNTED if shade is None else SHADES[shade]
    return {"fillColor": fill, "fillOpacity": 1, "color": "#fff", "weight": 1.5}


def _notes(zone: Zone) -> str:
    layers = "、".join(str(layer.title) for layer in shareable_layers().values())
    day = timezone.localdate().isoformat()
    ranges = ("&lt; 5%", "5–10%", "10–20%", "20–35%", "≥ 35%")
    keys = "".join(
        f'<span style="background:{shade}"></span>{text}'
        for shade, text in zip(SHADES, ranges, strict=True)
    )
    subtitle = _("Share of features that need work, %(day)s") % {"day": day}
    return (
        f'<div class="note title"><h1>{escape(zone_name(zone))}</h1>'
        f"<p>{escape(subtitle)}<br>{escape(layers)}</p></div>"
        f'<div class="note legend">{keys}<p>{escape(BOUNDARY_CREDIT)}</p></div>'
    )
