"""What people type about prospects and about the visits on them."""

from prospects.forms.board import (
    BoardRuleForm,
    CriteriaForm,
    LoseForm,
    MoveForm,
    NormsForm,
    NoteForm,
    PlanForm,
    ProspectForm,
    ReopenForm,
    SelectionForm,
    TickForm,
    TransferForm,
    WithdrawForm,
)
from prospects.forms.visits import PlanVisitForm, RecordVisitForm

__all__ = [
    "BoardRuleForm",
    "CriteriaForm",
    "LoseForm",
    "MoveForm",
    "NormsForm",
    "NoteForm",
    "PlanForm",
    "PlanVisitForm",
    "ProspectForm",
    "RecordVisitForm",
    "ReopenForm",
    "SelectionForm",
    "TickForm",
    "TransferForm",
    "WithdrawForm",
]
