"""The sections of the page, one module each: from results of the library to what a reader sees."""
