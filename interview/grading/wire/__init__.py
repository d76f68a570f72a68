"""What crosses between judge and worker."""
