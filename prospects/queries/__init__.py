"""Everything read about prospects, the user first."""

from prospects.queries.board import (
    Board,
    Column,
    Selection,
    Total,
    board,
    board_column,
    board_figures,
    more_cards,
)
from prospects.queries.bridge import WeekBridge, in_movement, week_bridge
from prospects.queries.cards import Card, prospect_card
from prospects.queries.dashboard import Dashboard, dashboard
from prospects.queries.forecast import ForecastMonth
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
from prospects.queries.review import (
    Discipline,
    ReviewCard,
    ReviewQueue,
    review_card,
    review_discipline,
    review_queue,
    stuck_prospects,
)
from prospects.queries.settings import BoardSettings, board_settings

__all__ = [
    "Board",
    "BoardSettings",
    "Card",
    "Column",
    "Dashboard",
    "Discipline",
    "ForecastMonth",
    "MoveSheet",
    "ProspectRecord",
    "ReviewCard",
    "ReviewQueue",
    "Selection",
    "Total",
    "WeekBridge",
    "account_prospects",
    "active_ticks",
    "board",
    "board_column",
    "board_figures",
    "board_settings",
    "dashboard",
    "get_prospect",
    "in_movement",
    "is_visible",
    "more_cards",
    "move_sheet",
    "prospect_card",
    "prospect_record",
    "review_card",
    "review_discipline",
    "review_queue",
    "stuck_prospects",
    "visible_prospects",
    "week_bridge",
]
