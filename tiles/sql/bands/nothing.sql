SELECT id, 0::smallint AS first_zoom, geom_3857 AS geom FROM {table} WHERE false
