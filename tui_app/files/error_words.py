"""What an error of the system means, in plain words."""

import errno

from tui_app.language import N_, _

REASONS = {
    errno.ENOENT: N_("there is no such file"),
    errno.ENOTDIR: N_("something that is no folder is in its place"),
    errno.EISDIR: N_("a folder is in its place"),
    errno.EACCES: N_("permission denied"),
    errno.EPERM: N_("not permitted"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("the disk quota is used up"),
    errno.EFBIG: N_("the file would be larger than is allowed here"),
    errno.EEXIST: N_("something else has that name"),
    errno.EROFS: N_("the disk is read-only"),
    errno.EIO: N_("the disk reports an input/output error"),
    errno.ENAMETOOLONG: N_("the name, or the path to it, is too long"),
    errno.ELOOP: N_("the link leads in a circle"),
    errno.ESTALE: N_("the disk is gone"),
    errno.ENODEV: N_("the disk is gone"),
    errno.EADDRINUSE: N_("another program listens there"),
    errno.EADDRNOTAVAIL: N_("this machine has no such address"),
    errno.EMFILE: N_("too many files are open"),
    errno.ENFILE: N_("too many files are open"),
    # From fork(2) and pthread_create(3).
    errno.EAGAIN: N_("no more processes or threads may be started"),
    errno.ENOMEM: N_("there is not enough memory"),
}


def refusal(error: BaseException) -> str:
    """Return in one line what an exception says; in plain words where the machine refuses."""
    if isinstance(error, MemoryError):
        return _(REASONS[errno.ENOMEM])
    if isinstance(error, OSError):
        return told(error)
    if isinstance(error, RuntimeError) and "start new thread" in str(error):
        return _(REASONS[errno.EAGAIN])
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


def told(error: OSError) -> str:
    """Return what an OSError means, after the path that it is about, if there is one."""
    return reason(error) if error.filename is None else f"{error.filename}: {reason(error)}"


def reason(error: OSError) -> str:
    """Return what an OSError means, in plain words and without a path."""
    if error.errno is None:
        return str(error) or type(error).__name__
    return _(REASONS.get(error.errno, "")) or error.strerror or str(error)
