"""Who may see and do what, and where: one policy for every path."""
