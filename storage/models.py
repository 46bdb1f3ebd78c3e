"""All tables, importable without any configuration."""

from storage.assisted import Assisted
from storage.audit import AuditEntry
from storage.ballots import Ballot
from storage.base import Base
from storage.criteria import CriterionNote
from storage.delivery import Delivery, Pace, Sender
from storage.help import Duty, FaqCount, FaqExample, FaqQuestion, GuideProgress, Ticket, TicketLine
from storage.households import Holder, Household, HouseholdCode, Participation, RegisterImport
from storage.identity import Address, Consent, Person, ShortCode, Staff, StaffChat, StaffCode, StaffSession
from storage.inbox import Event
from storage.issued import IssuedPaper
from storage.kiosks import Kiosk
from storage.paper import PaperBatch
from storage.requests import DataRequest
from storage.rounds import FormVersion, Interview, Muted, Reminder, Round, RoundUnit
from storage.tallies import Closing, Receipt, UnitTally
from storage.territory import FormerUnit, Unit

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
