def seed(seeding): return {}
