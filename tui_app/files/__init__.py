"""Files and folders, opened, made and renamed so that nobody can lead us elsewhere.

Everything that writes a lasting file goes through this package. A folder is opened once, and then
known by its descriptor (`folder`). A file appears whole or not at all (`atomic_write`), for no more
people than it should (`permissions`). What somebody else may have put there is told apart from what
is ours (`trust`). A person's own small files need less (`private_files`, `json_file`).
"""
