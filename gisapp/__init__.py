"""The application: settings and addresses, and the domain on top of the layers."""
