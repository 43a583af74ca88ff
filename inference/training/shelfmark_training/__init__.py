"""Trains the three models that the inference jar bundles."""
