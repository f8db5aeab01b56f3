"""Stores that are reached by a URL, through fsspec: nothing of it is imported until one is used.

A local path never comes here. Credentials are the store's own usual ones: they are read by the
store's library, in each process anew, and no value of ours holds them.
"""
