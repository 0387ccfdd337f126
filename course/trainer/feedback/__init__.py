"""Feedback pages, and the ways they go back."""
