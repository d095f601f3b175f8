"""Links that open a place in the map apps people have on their phones (domain.md, map links).

Stored places are CGCS2000, which is WGS 84 within centimetres. Each app is told so in its own way:
by default 高德 and 腾讯 take a place for GCJ-02 and 百度 for BD-09, and would show it hundreds of
metres off.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SOURCE = "xiangcun"


@dataclass(frozen=True, slots=True)
class MapLink:
    app: str
    label: str | Promise
    url: str


def map_links(longitude: float, latitude: float, name: str) -> list[MapLink]:
    """One link an app; `name` is shown at the marker."""
    lon, lat = f"{longitude:.6f}", f"{latitude:.6f}"
    title = name or f"{lon},{lat}"
    amap = {
        "position": f"{lon},{lat}",
        "name": title,
        "src": SOURCE,
        "coordinate": "wgs84",
        "callnative": "1",
    }
    route = {"to": f"{lon},{lat},{title}", "mode": "car", "src": SOURCE, "coordinate": "wgs84"}
    baidu = {
        "location": f"{lat},{lon}",
        "title": title,
        "content": title,
        "output": "html",
        "coord_type": "wgs84",
        "src": f"webapp.{SOURCE}.map",
    }
    tencent = {
        "marker": f"coord:{lat},{lon};title:{title};addr:{title}",
        "coord_type": "1",
        "referer": SOURCE,
    }
    return [
        MapLink("amap", _("Amap"), f"https://uri.amap.com/marker?{_query(amap)}"),
        MapLink("amap-route", _("Amap route"), f"https://uri.amap.com/navigation?{_query(route)}"),
        MapLink("baidu", _("Baidu Maps"), f"https://api.map.baidu.com/marker?{_query(baidu)}"),
        MapLink(
            "tencent", _("Tencent Maps"), f"https://apis.map.qq.com/uri/v1/marker?{_query(tencent)}"
        ),
        MapLink("geo", _("Other map app"), f"geo:{lat},{lon}"),
    ]


def _query(parameters: dict[str, str]) -> str:
    return urlencode(parameters, quote_via=quote, safe=",:;")
