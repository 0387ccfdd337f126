"""What is kept of “How others see me”: rounds, tallies, results, and how the server of rounds is asked."""
