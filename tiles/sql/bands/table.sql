-- The bands of one layer: a feature generalised for each band that draws it. Derived, row by row, from
-- the layer's table, and kept right by its triggers. Each zoom has an index of its own.
CREATE TABLE IF NOT EXISTS {bands} (
    geom geometry(Geometry, 3857) NOT NULL,
    feature_id bigint NOT NULL,
    band smallint NOT NULL,
    first_zoom smallint NOT NULL
);
CREATE INDEX IF NOT EXISTS {by_feature} ON {bands} (feature_id);
