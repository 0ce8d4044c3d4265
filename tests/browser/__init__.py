"""The page of a plan in a real browser: Debian's headless Chromium."""
