"""What a line of the log must not say."""

import logging
import re

SECRET_ADDRESS = re.compile(r"(/calendar/)[\w-]+(\.ics)")


class WithoutSecrets(logging.Filter):
    """Takes the key out of addresses of calendar feeds: Django logs the path of what it refuses."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if SECRET_ADDRESS.search(said):
            record.msg, record.args = SECRET_ADDRESS.sub(r"\1…\2", said), None
        return True
