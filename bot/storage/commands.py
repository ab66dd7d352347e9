"""Which commands Discord was last told of."""

from __future__ import annotations

from bot.storage.database import Database

SYNCED = "SELECT digest FROM synced_commands WHERE application_id = :application_id"

REMEMBER_SYNCED = """
INSERT INTO synced_commands (application_id, digest) VALUES (:application_id, :digest)
ON CONFLICT (application_id) DO UPDATE SET digest = excluded.digest
"""


class SyncedCommands:
    """A digest for each application that has used this database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def synced(self, application_id: int) -> str | None:
        """The digest that Discord was told last, or None."""
        async with self._database.read() as tx:
            row = await tx.one(SYNCED, {"application_id": application_id})
            return str(row["digest"]) if row else None

    async def remember_synced(self, application_id: int, digest: str) -> None:
        """Keep the digest that Discord was told."""
        async with self._database.write() as tx:
            await tx.run(REMEMBER_SYNCED, {"application_id": application_id, "digest": digest})
