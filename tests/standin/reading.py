"""What a request says: JSON, form and multipart bodies and query strings become one set of parameters."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from standin.refusals import Violated
from standin.schema import UPLOADED, Schema

UPLOAD_LIMIT = 50 * 1024 * 1024  # bytes, core.telegram.org/bots/api#sending-files


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a multipart request."""

    name: str
    media_type: str
    content: bytes


@dataclass(slots=True)
class Call:
    """One request for a method, as far as it could be understood."""

    method: str
    parameters: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)


async def read_call(request: web.Request, call: Call, schema: Schema) -> None:
    """Fill in the parameters and uploads of a call. Raises `Violated`."""
    try:
        fields = dict(parse_qsl(request.query_string, keep_blank_values=True, errors="strict"))
        match request.content_type:
            case "application/json":
                call.parameters = _object(await request.read())
            case "multipart/form-data":
                await _read_parts(request, call, fields)
            case _:
                body = (await request.read()).decode("ascii")
                fields |= parse_qsl(body, keep_blank_values=True, errors="strict")
        call.parameters |= schema.from_form(call.method, fields)
        json.dumps(call.parameters, default=str, ensure_ascii=False).encode()  # refuses lone surrogates
    except UnicodeError as error:
        raise Violated("strings must be encoded in UTF-8") from error
    except ValueError as error:
        raise Violated(f"can't parse the parameters: {error}") from error
    if call.uploads:
        direct = call.uploads.keys() - _attached(call.parameters)
        call.parameters |= dict.fromkeys(direct, UPLOADED)


async def _read_parts(request: web.Request, call: Call, fields: dict[str, str]) -> None:
    for name, part in (await request.post()).items():
        if isinstance(part, web.FileField):
            with part.file:
                call.uploads[name] = Upload(part.filename, part.content_type, part.file.read())
        else:
            fields[name] = part if isinstance(part, str) else part.decode()


def _object(body: bytes) -> dict[str, Any]:
    parameters = json.loads(body or b"{}")
    if not isinstance(parameters, dict):
        raise ValueError("the body must be an object")
    return parameters


def _attached(parameters: dict[str, Any]) -> set[str]:
    """Names of the uploads that the parameters point to as `attach://name`."""
    texts = [value for value in parameters.values() if isinstance(value, str)]
    texts += [json.dumps(value) for value in parameters.values() if isinstance(value, list | dict)]
    return {name.split('"')[0] for text in texts if "attach://" in text for name in text.split("attach://")[1:]}
