"""``/api/v1/settings``: what is set, and changing it, as a FastAPI router."""

import json
from dataclasses import asdict

from fastapi import APIRouter, Request, Response

from matinee.errors import BadSetting
from matinee.models.settings import SettingsView
from matinee.ports import Settings
from matinee.web import settings_schemas as schemas
from matinee.web.bodies import json_body, json_response, read_json


def settings_router(settings: Settings) -> APIRouter:
    """Make the router."""
    router = APIRouter(prefix="/api/v1/settings", tags=["settings"])

    @router.get("", response_model=schemas.Settings)
    async def get_settings() -> Response:
        """What is set, where it was said, and whether it can be changed. Secrets stay here."""
        return _answer(settings.all())

    @router.patch("", response_model=schemas.Settings, openapi_extra=json_body(schemas.ChangeSettings))
    async def change_settings(request: Request) -> Response:
        """Change settings, all that are named or none. The problem names the one that is wrong."""
        changes = read_json(schemas.ChangeSettings, await request.body(), BadSetting).root
        return _answer(await settings.change(changes))

    return router


def _answer(view: SettingsView) -> Response:
    return json_response(json.dumps(asdict(view), ensure_ascii=False))
