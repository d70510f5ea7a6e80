import { LINE_BYTES } from "../keeping.ts";

/** Of the tables and functions below: another one for each change of them. */
export const FORMAT = 1;

/** The schema of a queue, as it is written in SQL. */
export const schemaOf = (queue: string): string => `"${queue}"`;

/** What is held while the tables of a queue are made. */
export const LOCK = "hashtextextended('opsvi-agents tables', 0)";

/**
 * All that a queue has in PostgreSQL besides its jobs; one transaction. Names sort by their bytes in whatever
 * language the database is. `writes` has the last write of each writer by name, so that none is done twice.
 */
export function tables(queue: string): string {
  const schema = schemaOf(queue);
  return `
CREATE SCHEMA IF NOT EXISTS ${schema};
CREATE TABLE ${schema}.format (number int NOT NULL);
CREATE TABLE ${schema}.logs (
  name text COLLATE "C" PRIMARY KEY,
  claim bigint NOT NULL DEFAULT 0,
  length bigint NOT NULL DEFAULT 0,
  closed boolean NOT NULL DEFAULT false,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 60);
CREATE TABLE ${schema}.lines (
  name text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  line text NOT NULL,
  PRIMARY KEY (name, position)
);
CREATE TABLE ${schema}.files (
  name text COLLATE "C" PRIMARY KEY,
  folder text COLLATE "C" NOT NULL,
  bytes bytea NOT NULL,
  tag text NOT NULL,
  expires_at timestamptz
);
CREATE INDEX files_of_folder ON ${schema}.files (folder);
CREATE INDEX files_that_expire ON ${schema}.files (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE ${schema}.writes (
  writer uuid NOT NULL,
  name text COLLATE "C" NOT NULL,
  number bigint NOT NULL,
  answer text NOT NULL,
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (writer, name)
) WITH (fillfactor = 60);
INSERT INTO ${schema}.format VALUES (${FORMAT});
${functions(schema)}`;
}

// In functions, each statement sees what was committed before it, also by whom it waited for. A query as a whole does not.
const functions = (schema: string) => `
CREATE FUNCTION ${schema}.answered(by uuid, what text, at_number bigint) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT answer FROM ${schema}.writes WHERE writer = by AND name = what AND number >= at_number);
END $$;
CREATE FUNCTION ${schema}.remember(by uuid, what text, at_number bigint, answers text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO ${schema}.writes (writer, name, number, answer) VALUES (by, what, at_number, answers)
    ON CONFLICT (writer, name) DO UPDATE
    SET number = excluded.number, answer = excluded.answer, at = clock_timestamp();
END $$;
CREATE FUNCTION ${schema}.claim_log(log text, by uuid, at_number bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  done text;
  claimed bigint;
BEGIN
  LOOP
    PERFORM FROM ${schema}.logs WHERE name = log FOR UPDATE;
    EXIT WHEN FOUND;
    INSERT INTO ${schema}.logs (name) VALUES (log) ON CONFLICT DO NOTHING;
  END LOOP;
  done := ${schema}.answered(by, log, at_number);
  IF done IS NOT NULL THEN
    RETURN done::bigint;
  END IF;
  UPDATE ${schema}.logs
    SET claim = claim + 1, changed_at = CASE WHEN closed THEN changed_at ELSE clock_timestamp() END
    WHERE name = log RETURNING claim INTO claimed;
  PERFORM ${schema}.remember(by, log, at_number, claimed::text);
  RETURN claimed;
END $$;
CREATE FUNCTION ${schema}.append_to_log(
  log text, by uuid, at_number bigint, holder bigint, closes boolean, added text[], channel text
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  state ${schema}.logs%ROWTYPE;
BEGIN
  LOOP
    SELECT * INTO state FROM ${schema}.logs WHERE name = log FOR UPDATE;
    EXIT WHEN FOUND;
    IF holder > 0 THEN
      RETURN false;
    END IF;
    INSERT INTO ${schema}.logs (name) VALUES (log) ON CONFLICT DO NOTHING;
  END LOOP;
  IF ${schema}.answered(by, log, at_number) IS NOT NULL THEN
    RETURN true;
  END IF;
  IF state.closed OR holder <> state.claim THEN
    RETURN false;
  END IF;
  INSERT INTO ${schema}.lines (name, position, line)
    SELECT log, state.length + place - 1, line FROM unnest(added) WITH ORDINALITY AS a (line, place);
  UPDATE ${schema}.logs
    SET claim = CASE WHEN holder = 0 THEN 1 ELSE claim END,
      length = state.length + cardinality(added), closed = closes, changed_at = clock_timestamp()
    WHERE name = log;
  PERFORM ${schema}.remember(by, log, at_number, '');
  PERFORM pg_notify(channel, log);
  RETURN true;
END $$;
CREATE FUNCTION ${schema}.read_logs(logs text[], positions bigint[], most bigint)
RETURNS TABLE (place int, text_of_line text) LANGUAGE plpgsql STABLE AS $$
DECLARE
  asked record;
BEGIN
  FOR asked IN
    SELECT a.log, a.position, a.place::int AS place
    FROM unnest(logs, positions) WITH ORDINALITY AS a (log, position, place)
    JOIN ${schema}.logs l ON l.name = a.log AND l.length > a.position
    ORDER BY a.place
  LOOP
    place := asked.place;
    FOR text_of_line IN
      SELECT line FROM ${schema}.lines l WHERE l.name = asked.log AND l.position >= asked.position ORDER BY l.position
    LOOP
      RETURN NEXT;
      most := most - octet_length(text_of_line) - ${LINE_BYTES};
      IF most <= 0 THEN
        RETURN;
      END IF;
    END LOOP;
  END LOOP;
END $$;
CREATE FUNCTION ${schema}.remove_logs(gone text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM ${schema}.logs WHERE name = ANY (gone) ORDER BY name FOR UPDATE;
  DELETE FROM ${schema}.logs WHERE name = ANY (gone);
  DELETE FROM ${schema}.lines WHERE name = ANY (gone);
END $$;
CREATE FUNCTION ${schema}.put_file(
  file text, by uuid, at_number bigint, folder_of text, content bytea, tag_of text, lasts_ms float8,
  compares boolean, replaces text
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  done text;
  there text;
BEGIN
  -- There may be no row yet to be locked.
  PERFORM pg_advisory_xact_lock(hashtextextended('${schema} ' || file, 0));
  done := ${schema}.answered(by, file, at_number);
  IF done IS NOT NULL THEN
    RETURN done;
  END IF;
  IF compares THEN
    SELECT tag INTO there FROM ${schema}.files
      WHERE name = file AND (expires_at IS NULL OR expires_at > clock_timestamp());
    IF there IS DISTINCT FROM replaces THEN
      RETURN NULL;
    END IF;
  END IF;
  INSERT INTO ${schema}.files (name, folder, bytes, tag, expires_at)
    VALUES (file, folder_of, content, tag_of, clock_timestamp() + lasts_ms * interval '1 millisecond')
    ON CONFLICT (name) DO UPDATE
    SET bytes = excluded.bytes, tag = excluded.tag, expires_at = excluded.expires_at;
  PERFORM ${schema}.remember(by, file, at_number, tag_of);
  RETURN tag_of;
END $$;
CREATE FUNCTION ${schema}.tidy(closed_last_ms float8, unused_last_ms float8, writes_last_ms float8)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  gone text[];
BEGIN
  -- One at a time is enough.
  IF NOT pg_try_advisory_xact_lock(hashtextextended('${schema} tidy', 0)) THEN
    RETURN false;
  END IF;
  DELETE FROM ${schema}.files WHERE expires_at < clock_timestamp();
  DELETE FROM ${schema}.writes WHERE at < clock_timestamp() - writes_last_ms * interval '1 millisecond';
  gone := ARRAY(
    SELECT name FROM ${schema}.logs
    WHERE changed_at < clock_timestamp()
      - CASE WHEN closed THEN closed_last_ms ELSE unused_last_ms END * interval '1 millisecond'
    ORDER BY name LIMIT 1000 FOR UPDATE SKIP LOCKED
  );
  PERFORM ${schema}.remove_logs(gone);
  RETURN cardinality(gone) = 1000;
END $$;
`;
