"""Registering a sheet (补偿测算表): the case file with its compensation section, by its digest."""

from datetime import datetime

from activities.registry import Registry
from case.brief import digest
from case.entries import CaseFile


def register_sheet(registry: Registry, file: CaseFile, at: datetime) -> str:
    """Put a sheet down in the registry for the case of its project number; its digest.

    Registering it again harms nothing. Raises UnknownCase where no such case was admitted.
    """
    sheet = digest(file)
    registry.register_sheet(file.project.number, sheet, file.model_dump_json(by_alias=True), at)
    return sheet
