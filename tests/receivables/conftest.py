"""The ledgers of the sample data are brought in the way the tests of the import bring theirs."""

from tests.imports.conftest import bring, private_media

__all__ = ["bring", "private_media"]
