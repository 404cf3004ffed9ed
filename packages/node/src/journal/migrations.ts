/**
 * Every change of the journal's schema, oldest first; `PRAGMA user_version` counts those applied. Entries are never
 * edited once released: a journal that was written by an older version is brought forward by the ones it lacks.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;

  CREATE TABLE intents (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL CHECK (
      state IN ('planned', 'signed', 'sent', 'mined', 'final', 'dropped', 'abandoned')
    ),
    target TEXT NOT NULL,
    data TEXT NOT NULL,
    gas TEXT,
    nonce INTEGER,
    is_cancelled INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 1,
    mined_hash TEXT,
    mined_block TEXT,
    reason TEXT,
    planned_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CHECK (state IN ('planned', 'abandoned') OR nonce IS NOT NULL)
  ) STRICT;
  CREATE INDEX intents_by_state ON intents (state, nonce);
  CREATE UNIQUE INDEX one_live_intent_a_nonce ON intents (nonce)
    WHERE state IN ('signed', 'sent', 'mined');

  CREATE TABLE subjects (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    intent_id INTEGER NOT NULL REFERENCES intents (id),
    PRIMARY KEY (kind, subject)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE transactions (
    hash TEXT PRIMARY KEY,
    intent_id INTEGER NOT NULL REFERENCES intents (id),
    nonce INTEGER NOT NULL,
    raw TEXT NOT NULL,
    is_cancellation INTEGER NOT NULL,
    max_fee TEXT NOT NULL,
    max_priority_fee TEXT NOT NULL,
    signed_at INTEGER NOT NULL,
    sent_at INTEGER
  ) STRICT;
  CREATE INDEX transactions_by_intent ON transactions (intent_id);
  CREATE INDEX transactions_by_nonce ON transactions (nonce);

  CREATE TABLE headers (
    number INTEGER PRIMARY KEY,
    hash TEXT NOT NULL,
    timestamp INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE logs (
    block_number INTEGER NOT NULL,
    log_index INTEGER NOT NULL,
    block_timestamp INTEGER NOT NULL,
    address TEXT NOT NULL,
    topics TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (block_number, log_index)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE results (
    subject TEXT PRIMARY KEY,
    output BLOB NOT NULL,
    evidence_hash TEXT NOT NULL,
    computed_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE traces (
    claim_id TEXT PRIMARY KEY,
    bytes BLOB NOT NULL,
    stored_at INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE notes (
    topic TEXT NOT NULL,
    subject TEXT NOT NULL,
    value TEXT NOT NULL,
    noted_at INTEGER NOT NULL,
    PRIMARY KEY (topic, subject)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  CREATE TABLE inputs (
    hash TEXT PRIMARY KEY,
    bytes BLOB NOT NULL,
    readers TEXT,
    stored_at INTEGER NOT NULL
  ) STRICT;

  ALTER TABLE traces ADD COLUMN readers TEXT;
  `,
  `
  CREATE TABLE channels (
    payer TEXT PRIMARY KEY,
    sequence INTEGER NOT NULL DEFAULT 0,
    cumulative_fee TEXT NOT NULL DEFAULT '0',
    issued_at INTEGER NOT NULL DEFAULT 0,
    cap TEXT NOT NULL DEFAULT '0',
    voucher TEXT,
    is_contract INTEGER NOT NULL DEFAULT 0,
    refusal TEXT,
    collected TEXT NOT NULL DEFAULT '0',
    is_due INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX due_channels ON channels (payer) WHERE is_due = 1;

  CREATE TABLE receipts (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    payer TEXT NOT NULL REFERENCES channels (payer),
    sequence INTEGER NOT NULL,
    cumulative_fee TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    document TEXT NOT NULL,
    signature TEXT,
    privacy TEXT NOT NULL,
    UNIQUE (payer, sequence)
  ) STRICT;
  CREATE INDEX unsigned_receipts ON receipts (ordinal) WHERE signature IS NULL;

  CREATE TABLE answers (
    ordinal INTEGER PRIMARY KEY REFERENCES receipts (ordinal),
    payer TEXT NOT NULL,
    request_id TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    secret TEXT NOT NULL,
    is_secret_ours INTEGER NOT NULL,
    content_type TEXT NOT NULL,
    request BLOB,
    body BLOB,
    UNIQUE (payer, request_id)
  ) STRICT;

  CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    root TEXT NOT NULL,
    count INTEGER NOT NULL,
    data_hash TEXT NOT NULL,
    planned_at INTEGER NOT NULL,
    number TEXT,
    settled_at INTEGER
  ) STRICT;
  CREATE INDEX batches_by_root ON batches (root);
  CREATE INDEX batches_by_data ON batches (data_hash);
  `,
]
