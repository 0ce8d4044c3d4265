"""The ready pipelines: well formed, and every shell step does what it says."""
