"""The questionnaire that a round froze."""

from sqlalchemy import Connection, select

from storage.tables import FormVersion
from surveys.forms.form import Form


def round_form(connection: Connection, form_id: int) -> Form:
    """The form that a round froze."""
    definition = connection.execute(select(FormVersion.definition).where(FormVersion.id == form_id)).scalar_one()
    return Form.from_dict(definition)
