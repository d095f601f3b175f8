"""The one way to change a feature: an edit, journalled, merged and permitted."""
