"""`make run` and `make dev`: set up what is missing, then hand over to the supervisor inside the virtual environment."""

import os

from bin import setup, supervisor
from bin.environment import read_dotenv
from bin.places import ROOT


def main(arguments: list[str]) -> int:
    """Set up and start. `--dev` reloads on every change and shows Django's debug pages."""
    dev = "--dev" in arguments
    read_dotenv()
    supervisor.claim().close()  # a taken port should be known before half a minute of installing
    setup.prepare(dev=dev)
    python = str(setup.PYTHON)
    os.chdir(ROOT)
    os.execv(python, [python, "-m", "bin.supervisor", *arguments])
