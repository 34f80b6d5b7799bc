"""Everything read about prospects, the user first."""

from prospects.queries.board import Board, Card, Column, Selection, Total, board, board_column, prospect_card
from prospects.queries.prospects import (
    MoveSheet,
    ProspectRecord,
    account_prospects,
    active_ticks,
    get_prospect,
    is_visible,
    move_sheet,
    prospect_record,
    visible_prospects,
)
from prospects.queries.settings import BoardSettings, board_settings

__all__ = [
    "Board",
    "BoardSettings",
    "Card",
    "Column",
    "MoveSheet",
    "ProspectRecord",
    "Selection",
    "Total",
    "account_prospects",
    "active_ticks",
    "board",
    "board_column",
    "board_settings",
    "get_prospect",
    "is_visible",
    "move_sheet",
    "prospect_card",
    "prospect_record",
    "visible_prospects",
]
