"""Who may come into a session, from where and how fast: keys, codes and pseudonyms, pairing, networks, rate limits."""
