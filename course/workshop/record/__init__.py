"""What a session leaves behind: its types, and the file that it is saved in."""
