"""“How others see me” on cards: the form for raters, its round, what is added up by hand, and the result."""
