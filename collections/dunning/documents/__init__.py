"""Papers for the customer as PDF: letters, confirmations, statements of account. Values in, a file out; nothing is saved.

Between `queries` and `actions`: a document shows what a query found, an action sends it.
"""

from dunning.documents.letters import Letter, Letterhead, LetterLine, Recipient, letter_data
from dunning.documents.statements import StatementLetter, statement_data, statement_subject
from dunning.documents.typesetting import TypesettingError, pictures, typeset

__all__ = [
    "Letter",
    "LetterLine",
    "Letterhead",
    "Recipient",
    "StatementLetter",
    "TypesettingError",
    "letter_data",
    "pictures",
    "statement_data",
    "statement_subject",
    "typeset",
]
