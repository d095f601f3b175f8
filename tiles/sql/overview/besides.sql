-- The same of what the pyramid does not tell: the parts of a scope that are smaller than a county,
-- or what another state of the layer differs by.
-- Plan: of a scope, the index on division, or on morton where the tile is the smaller of the two; a
-- township has some thousand features.
UNION ALL
SELECT code >> {coarser_by}, {counts}, 0 FROM ({summed}) AS summed
