"""Marks on their way back to a learning platform, in the grade file that the platform itself gives out."""
