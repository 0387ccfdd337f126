"""The drawing kit of all charts: layout, shapes, colours, and the writers for matplotlib and SVG."""
