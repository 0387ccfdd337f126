"""What phone, screen and console may show of a session; nothing else of it reaches a page, and never who wrote what."""
