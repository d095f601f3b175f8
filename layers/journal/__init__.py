"""The proof of the journal: its chain, its payloads, and how both are verified and exported."""
