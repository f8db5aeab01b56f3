"""The app in a browser: a small server with a terminal of its own for each page.

`server` checks who asks and hands a page its session, `session` runs the app in a pseudo-terminal,
`page` has the texts, `hosts` says by which names the server may be asked. The page's terminal is
xterm.js, as the package textual-serve ships it; of that package nothing else is used.
"""
