"""The sessions of a server, rules and store together: how they open, are rebuilt, are shared by workers and end."""
