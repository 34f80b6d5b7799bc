"""`python3 bin COMMAND`: the door of the launcher. Must be readable by any Python 3, so that an old one gets a sentence."""

import os
import shutil
import subprocess
import sys

if sys.version_info < (3, 11):
    for newer in ("python3.14", "python3.13", "python3.12", "python3.11"):
        # A version manager leaves names on the path that lead nowhere: only one that answers is taken.
        if shutil.which(newer) and subprocess.call([newer, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            os.execvp(newer, [newer, *sys.argv])
    sys.exit(
        "keyline: Python %d.%d is too old: Keyline needs 3.11 or newer (`make run PYTHON=/path/to/python3.11`)."
        % sys.version_info[:2]
    )

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from bin import commands, run, servers, setup
from bin.refusal import Refusal, guarded

COMMANDS = {
    "bench": commands.bench,
    "clean": commands.clean,
    "keep": commands.keep,
    "lint": commands.lint,
    "lock": commands.lock,
    "manage": commands.manage,
    "run": run.main,
    "servers": servers.main,
    "setup": setup.main,
    "test": commands.test,
}


def main(arguments: list[str]) -> int:
    """Hand the rest of the command line to the named command."""
    if not arguments or arguments[0] not in COMMANDS:
        raise Refusal("Say what to do: " + ", ".join(sorted(COMMANDS)) + ".")
    return COMMANDS[arguments[0]](arguments[1:])


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(guarded(main))
