"""Specs in plain words, room by room."""
