"""变更方案: changes that are looked at, reviewed and only then applied, all at once."""
