CREATE INDEX IF NOT EXISTS {index} ON {bands} USING gist (geom) WHERE band = {top};
