"""The pages of deliveries: sent, understood, checked, loaded, taken back."""
