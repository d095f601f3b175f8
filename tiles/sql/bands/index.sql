-- What is drawn at one zoom, and nothing else: in the middle of a band most features are not drawn yet.
-- With one index a band, zoom 6 of a million roads read 95,000 rows to find the 9,000 it draws.
CREATE INDEX IF NOT EXISTS {index} ON {bands} USING gist (geom)
WHERE band = {top} AND first_zoom <= {zoom};
