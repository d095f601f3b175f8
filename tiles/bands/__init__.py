"""Lines and areas, generalised by band of zooms: no tile reads what it cannot show."""
