"""A layer of areas, made as a new layer is made: no layer of the registry has areas yet."""

from django.contrib.gis.db import models
from django.db import connection

from layers.crs import CGCS2000
from layers.models.feature import Feature, text_column
from layers.registry.specification import Label, Layer, Style
from tiles.bands.keeping import keep_bands
from tiles.overview.building import rebuild
from tiles.overview.watching import watch


class Plot(Feature):
    """A piece of land."""

    geom = models.MultiPolygonField(srid=CGCS2000, null=True, blank=True, spatial_index=False)
    kind = text_column(20)

    class Meta(Feature.Meta):
        # Of no application: its table is of a test's or a benchmark's own.
        app_label = "plots"
        db_table = "layers_plot"


PLOTS = Layer(
    name="plots",
    model=Plot,
    title=Label("地块", "Plots"),
    letter="P",
    classify="kind",
    style=Style("#4d7c0f"),
    fields=(),
)


def make_table() -> None:
    """What the migrations of `layers` and `tiles` do for a layer."""
    with connection.schema_editor() as editor:
        editor.create_model(Plot)
    watch(layer=PLOTS.name, table=PLOTS.table, class_column=PLOTS.classify)
    rebuild(layer=PLOTS.name, table=PLOTS.table)
    keep_bands(table=PLOTS.table, class_column=PLOTS.classify, earlier={"paddy": 1})
