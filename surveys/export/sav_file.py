"""SPSS .sav: numbers with Vietnamese value labels, a variable for each of several choices, dates as dates."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from surveys.export.columns import PLACE, PLACE_LABELS, Column
from surveys.export.sheet import Sheet

if TYPE_CHECKING:
    import pyarrow as pa

LONGEST = 32_767  # bytes of a string variable
LONGEST_NAME = 60  # bytes; SPSS allows 64
PLACE_WIDTH = 255  # bytes
Measure = Literal["nominal", "ordinal", "scale"]
Codes = Mapping[str, int]  # a choice's name -> its number


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the file. Not answered is system-missing, and an empty string for texts."""

    name: str
    label: str
    type: "pa.DataType"
    value: Callable[[Mapping[str, Any]], Any]
    codes: Mapping[int, str]  # value labels
    measure: Measure
    width: int | None = None


def write_sav(sheet: Sheet, path: Path) -> None:
    """A case for each ballot. Names and labels that SPSS has no room for are shortened."""
    import pyarrow as pa
    from readstat_arrow import ReadstatWarning, SavWriter

    variables = _named([variable for column in sheet.columns for variable in _variables(sheet, column)])
    schema = pa.schema(
        [*(pa.field(name, pa.string()) for name in PLACE), *(pa.field(one.name, one.type) for one in variables)]
    )
    with warnings.catch_warnings(), path.open("wb") as file:
        warnings.simplefilter("ignore", ReadstatWarning)  # that something is shortened
        with SavWriter(
            file,
            schema,
            sheet.rows,
            _metadata(sheet, variables),
            rename_invalid_names=True,
            on_text_limits_exceeded="truncate",
            compression="rows",
        ) as writer:
            for chunk in sheet.chunks:
                cells: list[list[Any]] = [[place[at] for place, _, _ in chunk] for at in range(3)]
                cells.append([mode for _, mode, _ in chunk])
                cells += [[one.value(answers) for _, _, answers in chunk] for one in variables]
                arrays = [pa.array(values, field.type) for values, field in zip(cells, schema, strict=True)]
                writer.write_batch(pa.record_batch(arrays, schema=schema))


def _named(variables: list[Variable]) -> list[Variable]:
    """With names short enough for SPSS, each still its own; what else it minds the library mends."""
    taken = {name.lower() for name in PLACE}
    named = []
    for number, one in enumerate(variables, 1):
        name = one.name
        if len(name.encode()) > LONGEST_NAME or name.lower() in taken:
            name = f"{name.encode()[: LONGEST_NAME - 6].decode(errors='ignore')}_{number}"
        taken.add(name.lower())
        named.append(replace(one, name=name))
    return named


def _metadata(sheet: Sheet, variables: list[Variable]) -> Any:
    from readstat_arrow import Metadata

    return Metadata(
        file_label=sheet.round.name,
        variable_labels={**PLACE_LABELS, **{one.name: one.label for one in variables}},
        value_labels={
            one.name: [{"value": value, "label": label} for value, label in one.codes.items()]
            for one in variables
            if one.codes
        },
        storage_widths={
            **dict.fromkeys(PLACE, PLACE_WIDTH),
            **{one.name: one.width for one in variables if one.width},
        },
        measures={one.name: one.measure for one in variables},
    )


def _variables(sheet: Sheet, column: Column) -> list[Variable]:
    import pyarrow as pa

    def number(answers: Mapping[str, Any]) -> Any:
        value = column.plain(answers)
        return float(value) if isinstance(value, int | float) else None

    def day(answers: Mapping[str, Any]) -> Any:
        value = column.plain(answers)
        return value and date.fromisoformat(str(value))

    name, label = column.name, column.label
    match column.kind:
        case "choice":
            codes = choice_codes(column)
            labels = {number: column.options[option] for option, number in codes.items()}
            own = all(option == str(number) for option, number in codes.items())  # a scale
            measure: Measure = "ordinal" if own else "nominal"
            return [Variable(name, label, pa.int32(), _choice(column, codes), labels, measure)]
        case "choices":
            return [
                Variable(f"{name}_{option}", f"{label}: {text}", pa.int8(), _chosen(column, option), YES_NO, "nominal")
                for option, text in column.options.items()
            ]
        case "integer" | "decimal":
            return [Variable(name, label, pa.float64(), number, {}, "scale")]
        case "date":
            return [Variable(name, label, pa.date32(), day, {}, "scale")]
        case _:
            width = min(max(sheet.longest(column), 1), LONGEST)
            return [Variable(name, label, pa.string(), column.plain, {}, "nominal", width)]


YES_NO = {1: "Có", 0: "Không"}


def choice_codes(column: Column) -> Codes:
    """The choices' own names where all are small whole numbers, else 1, 2, 3, … in the form's order."""
    names = list(column.options)
    own = [int(name) for name in names if name.isascii() and name.isdecimal() and len(name) < 9]
    numbers = own if len(set(own)) == len(names) else range(1, len(names) + 1)
    return dict(zip(names, numbers, strict=True))


def _choice(column: Column, codes: Codes) -> Callable[[Mapping[str, Any]], Any]:
    question = column.question

    def code(answers: Mapping[str, Any]) -> int | None:
        answer = answers.get(question)
        return codes.get(answer) if isinstance(answer, str) else None

    return code


def _chosen(column: Column, option: str) -> Callable[[Mapping[str, Any]], Any]:
    def chosen(answers: Mapping[str, Any]) -> int | None:
        answer = answers.get(column.question)
        return int(option in answer) if isinstance(answer, list) else None

    return chosen
