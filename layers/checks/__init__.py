"""What may be wrong with the data: rules, the issues they find, and how those can be fixed."""
