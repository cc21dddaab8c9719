import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { deserialize, serialize } from 'node:v8';
import type { EngineEvent } from '../kernel/event-log.ts';
import type { Journal } from '../kernel/journal.ts';
import { UserError } from '../kernel/user-error.ts';

/** Raised when what is in the rows changes so that an older engine's state cannot be read. */
export const stateVersion = '3';

const schema = `
  CREATE TABLE IF NOT EXISTS rows (kind TEXT NOT NULL, scope TEXT NOT NULL, id TEXT NOT NULL, row BLOB NOT NULL, PRIMARY KEY (kind, scope, id));
  CREATE TABLE IF NOT EXISTS events (sequence INTEGER PRIMARY KEY, event BLOB NOT NULL);
  CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
`;

/**
 * The journal in a SQLite file. WAL with synchronous NORMAL: what a turn committed survives the death of the engine at any moment;
 * a power loss may take the last turns with it, but never half of one.
 */
export function sqliteJournal(directory: string): Journal {
  const database = open(directory);
  const version = fact(database, 'version');
  if (version === undefined) setFact(database, 'version', stateVersion);
  else if (version !== stateVersion) {
    database.close();
    throw new UserError(
      'StateOfOtherVersion',
      `the state in ${directory} is of version ${version}, this engine reads version ${stateVersion}`,
      {
        next: ['start with another folder: --state DIR', `or delete ${directory} to begin anew`],
      },
    );
  }
  return journalOf(database);
}

function open(directory: string): DatabaseSync {
  try {
    if (!existsSync(directory)) mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
    const database = new DatabaseSync(join(directory, 'state.sqlite'));
    // Nobody else reads the file while an engine holds the folder, and a checkpoint, which waits for the disk, comes every 16 MB.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    database.exec('PRAGMA wal_autocheckpoint = 4000;');
    database.exec(schema);
    return database;
  } catch (cause) {
    throw new UserError(
      'StateNotWritable',
      `cannot write the state folder ${directory}: ${cause instanceof Error ? cause.message : cause}`,
      {
        next: ['give a folder that you may write: --state DIR'],
        cause,
      },
    );
  }
}

function journalOf(database: DatabaseSync): Journal {
  const begin = database.prepare('BEGIN');
  const end = database.prepare('COMMIT');
  // An update keeps the row where it is: it dirties one page instead of the index's too, and rows are read back in order of insertion.
  const put = database.prepare(
    'INSERT INTO rows (kind, scope, id, row) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET row = excluded.row',
  );
  const remove = database.prepare('DELETE FROM rows WHERE kind = ? AND scope = ? AND id = ?');
  const append = database.prepare('INSERT INTO events (sequence, event) VALUES (?, ?)');
  return {
    *load() {
      for (const { kind, scope, id, row } of database
        .prepare('SELECT kind, scope, id, row FROM rows ORDER BY rowid')
        .iterate())
        yield { table: String(kind), scope: String(scope), id: String(id), row: deserialize(row as Uint8Array) };
    },
    commit(rows, events) {
      const write = () => {
        for (const { table, scope, id, row } of rows)
          row === undefined ? remove.run(table, scope, id) : put.run(table, scope, id, serialize(row));
        for (const event of events) append.run(event.sequence, serialize(event));
      };
      // One statement is a transaction by itself.
      if (rows.length + events.length === 1) return write();
      begin.run();
      try {
        write();
        end.run();
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    events({ after, limit }) {
      const found =
        after === undefined
          ? database.prepare('SELECT event FROM events ORDER BY sequence DESC LIMIT ?').all(limit).reverse()
          : database.prepare('SELECT event FROM events WHERE sequence > ? ORDER BY sequence LIMIT ?').all(after, limit);
      return found.map(({ event }) => deserialize(event as Uint8Array) as EngineEvent);
    },
    fact: (name) => fact(database, name),
    setFact: (name, value) => setFact(database, name, value),
    close: () => database.close(),
  };
}

const fact = (database: DatabaseSync, name: string) =>
  database.prepare('SELECT value FROM facts WHERE name = ?').get(name)?.['value'] as string | undefined;
const setFact = (database: DatabaseSync, name: string, value: string) =>
  void database.prepare('INSERT OR REPLACE INTO facts (name, value) VALUES (?, ?)').run(name, value);
