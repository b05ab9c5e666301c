// Where a desk's record is kept: in a folder (SQLite), or in a PostgreSQL database and a folder for what each server process has of its own.
import { openPostgres, openSqlite, type Storage } from '@opencanvass/keeper';

export interface KeptAt {
  readonly folder: string;
  /** A PostgreSQL connection string; absent: SQLite in the folder. */
  readonly database?: string;
}

export const storageAt = ({ folder, database }: KeptAt): Promise<Storage> =>
  database === undefined ? openSqlite(folder) : openPostgres(database);
