"""What everything else stands on: errors, settings, storage, archives, tables, percentages, time stamps, names."""
