-- The generalised features near a tile that are drawn as themselves at its zoom, or sooner.
SELECT feature_id AS id, first_zoom, geom FROM {bands}
WHERE band = {top} AND geom && {surroundings} AND first_zoom <= {first_zoom}
