"""The notebook view: a small lab extension, the settings that go with it, and what is saved."""
