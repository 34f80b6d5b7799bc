"""The working calendar's pages: a year to look at, a day to edit, a file to import. Counting days is `core.workdays`."""
