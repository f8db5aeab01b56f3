"""Files and folders, opened, made and renamed so that nobody can lead us elsewhere.

Everything that writes goes through here. A folder is opened once and then known by its descriptor
(`folder`), a file appears whole or not at all (`whole`), for no more people than it should
(`permissions`), and what somebody else may have put there is told from what is ours (`trust`).
"""
