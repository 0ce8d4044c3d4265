"""The baselines of examples/baselines: templates that lint, code that runs, READMEs that say all of it."""
