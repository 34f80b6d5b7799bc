"""The launcher: set-up, embedded servers, running. Standard library only and no Django, so that it starts on a bare Python."""
