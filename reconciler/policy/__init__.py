"""Expressions of policies: checked before they are used, evaluated within bounds."""
