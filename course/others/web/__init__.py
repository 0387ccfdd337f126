"""What browsers of raters and notebooks of owners ask the server of rounds for."""
