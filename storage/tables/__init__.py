"""All tables, importable without any configuration."""

from storage.tables.assisted import Assisted
from storage.tables.audit import AuditEntry
from storage.tables.ballots import Ballot
from storage.tables.base import Base
from storage.tables.criteria import CriterionNote
from storage.tables.data_requests import DataRequest
from storage.tables.delivery import Delivery, Pace, Sender
from storage.tables.help import Duty, FaqCount, FaqExample, FaqQuestion, GuideProgress, Ticket, TicketLine
from storage.tables.households import Holder, Household, HouseholdCode, Participation, RegisterImport
from storage.tables.identity import Address, Consent, Person, ShortCode, Staff, StaffChat, StaffCode, StaffSession
from storage.tables.inbox import Event
from storage.tables.issued_documents import IssuedPaper
from storage.tables.kiosks import Kiosk
from storage.tables.paper_batches import PaperBatch
from storage.tables.rounds import FormVersion, Interview, Muted, Reminder, Round, RoundUnit
from storage.tables.tallies import Closing, Receipt, UnitTally
from storage.tables.territory import FormerUnit, Unit

__all__ = [
    "Address",
    "Assisted",
    "AuditEntry",
    "Ballot",
    "Base",
    "Closing",
    "Consent",
    "CriterionNote",
    "DataRequest",
    "Delivery",
    "Duty",
    "Event",
    "FaqCount",
    "FaqExample",
    "FaqQuestion",
    "FormVersion",
    "FormerUnit",
    "GuideProgress",
    "Holder",
    "Household",
    "HouseholdCode",
    "Interview",
    "IssuedPaper",
    "Kiosk",
    "Muted",
    "Pace",
    "PaperBatch",
    "Participation",
    "Person",
    "Receipt",
    "RegisterImport",
    "Reminder",
    "Round",
    "RoundUnit",
    "Sender",
    "ShortCode",
    "Staff",
    "StaffChat",
    "StaffCode",
    "StaffSession",
    "Ticket",
    "TicketLine",
    "Unit",
    "UnitTally",
]
