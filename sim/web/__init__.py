"""The workshop page: a small local server and the page that it serves."""
