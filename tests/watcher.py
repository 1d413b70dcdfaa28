"""Writes down what a process does to the world around it. tests/test_security.py puts it into a folder of its own as
`sitecustomize.py`, so that it runs before the first line of the program.

Python tells it of every event (https://docs.python.org/3/library/audit_events.html). What compiled libraries do without
Python, it does not see.
"""

import json
import os
import sys
from typing import Any

# Files of Python, of the packages and of the program itself: reading them is no news.
OWN = tuple(os.environ["WATCHED_OWN"].split(os.pathsep))
LOG = os.open(os.environ["WATCHED_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
PROGRAM = os.environ["WATCHED_PROGRAM"]
CANARY = os.environ["WATCHED_CANARY"]
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGING = (
    *("os.chmod", "os.chown", "os.link", "os.mkdir", "os.mkfifo", "os.remove", "os.rename", "os.rmdir", "os.symlink"),
    *("os.truncate", "os.utime", "os.setxattr", "os.removexattr", "shutil."),
)
OUTSIDE = (
    "socket.",
    "ssl.",
    "urllib.",
    "http.",
    "ftplib.",
    "smtplib.",
    "imaplib.",
    "poplib.",
    "nntplib.",
    "telnetlib.",
)
PROCESSES = ("subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.startfile", "os.system", "pty.")
CODE = ("pickle.", "exec", "compile", "code.", "cpython.run_", "ctypes.dlopen", "webbrowser.")


def watch(event: str, args: tuple[Any, ...]) -> None:
    if event == "open":
        path, _, flags = args
        if not isinstance(path, (str, bytes)):  # a file that is open already, which was told of before
            return
        path = os.fsdecode(path)
        if (flags or 0) & WRITING:
            tell("write", path)
        elif not path.startswith(OWN):
            tell("read", os.path.abspath(path))
    elif event.startswith(CHANGING):
        tell("write", *(os.fsdecode(one) for one in args[:2] if isinstance(one, (str, bytes))))
    elif event.startswith((*OUTSIDE, *PROCESSES)):
        tell(event, *map(repr, args))
    elif event == "import":
        if args[0].partition(".")[0] in ("pickle", "marshal", "socket", "subprocess") and caller().startswith(PROGRAM):
            tell("import", args[0])
    elif event.startswith(CODE):
        by = caller()
        if event.startswith("pickle.") or CANARY in code_of(args) or by.startswith(PROGRAM):
            tell("code", event, by)


def caller() -> str:
    """The file of the code that does it; none where that is the interpreter itself."""
    try:
        return sys._getframe(2).f_code.co_filename
    except ValueError:
        return ""


def code_of(args: tuple[Any, ...]) -> str:
    """What is compiled or run, with the names that it uses."""
    return " ".join(
        repr((one.co_names, one.co_consts, one.co_filename)) if hasattr(one, "co_names") else repr(one) for one in args
    )


def tell(*what: str) -> None:
    os.write(LOG, f"{json.dumps(what)}\n".encode())


sys.addaudithook(watch)
