CREATE INDEX IF NOT EXISTS {name} ON {bands} USING gist (geom) WHERE band = {top};
