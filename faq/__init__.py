"""Help with online public services and digital skills."""
