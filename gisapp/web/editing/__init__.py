"""The work pages of editing: plans under review, conflicts to decide, and what happened."""
