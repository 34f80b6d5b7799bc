"""The one way the launcher gives up: a sentence for a person, never a traceback."""

import errno
import sys
from collections.abc import Callable


class Refusal(Exception):
    """Something outside the program stands in the way; the message says what, and what to do about it."""


def explain(error: OSError) -> str:
    """Put an error of the operating system into one sentence."""
    where = f" ({error.filename})" if error.filename else ""
    if error.errno == errno.ENOSPC:
        return f"The disk is full{where}: free some space (Keyline wants about 1 GB) and try again."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"No permission to write{where}: give your user the right to it, or point KEYLINE_DATA_DIR elsewhere."
    if error.errno == errno.EROFS:
        return f"This folder is read-only{where}: move the project to a place you can write to."
    return f"The system refused{where}: {error.strerror or error}."


def guarded(main: Callable[[list[str]], int]) -> int:
    """Run `main` with the command line; every foreseeable failure ends as one sentence and status 1."""
    try:
        return main(sys.argv[1:])
    except Refusal as refusal:
        print(f"keyline: {refusal}", file=sys.stderr)
    except OSError as error:
        print(f"keyline: {explain(error)}", file=sys.stderr)
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
    return 1
