"""What the lock costs of a build."""
