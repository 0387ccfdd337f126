"""What every page is made with: HTML, templates, colour, type and space, the emblem, widgets, the web edition."""
