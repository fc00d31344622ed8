"""One source of people, as the configuration has it."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, StrictFloat


class DirectorySource(BaseModel):
    """One source of people."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["file"] = "file"
    path: Path = Field(description="The file: CSV, Parquet or JSON")
    name: str = Field(
        "",
        pattern=r"^([a-z0-9][a-z0-9_-]{0,39})?$",
        description="What the source is called; empty: `file:` and the name of its file",
    )
    max_age_h: StrictFloat = Field(36, gt=0, description="Hours after which a read is too old to be accepted")
    absence: Literal["missing", "left"] = Field(
        "missing", description="What it means that somebody is no longer in the file (docs/directory.md)"
    )
    columns: dict[str, str] = Field(
        default_factory=dict, description="Our name of a column → its name in the file"
    )
    statuses: dict[str, Literal["active", "suspended", "deprovisioned"]] = Field(
        default_factory=dict, description="A word for a status in the file → what it means"
    )

    @property
    def source(self) -> str:
        """What the source is called in the warehouse, in messages and by `hubroster directory`."""
        return self.name or f"file:{self.path.name}"
