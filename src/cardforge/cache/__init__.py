"""What a run leaves for the next one in the project's ``.cardforge_cache``: sealed, so that nobody else can write it.

A cache may come with a stranger's project. So nothing in it is code or is unpickled, every file carries a seal made
with a key that lies outside of all projects, and one whose seal is not ours is no cache. Whatever goes wrong with it,
a run does its work without.
"""
