import type Dockerode from 'dockerode';
import { runHelper } from '../../lab/docker/helper.ts';
import { type Query, QueryError } from '../../lab/lab.ts';
import { UnusableError } from '../room.ts';
import type { Ground } from './ground.ts';

/** What the server of an image brings along before anybody has changed it. */
interface Pristine {
  /** Numbers of its functions that are not compiled in. */
  scripted: Set<string>;
  fingerprint: string;
}

/** The numbers below which initdb gives by hand: the same in every cluster of an image, whatever its locale. */
const BY_HAND = 12000;
const COMPILED = ['12', '13'];

/**
 * Number and language of every function. No function is called for it: of a function in SQL the planner puts the text
 * in the place of the call, so that a superuser can forge what is asked through any of them. Those that are compiled
 * in can't be replaced, whatever the catalog says of their text.
 */
const LANGUAGES = 'SELECT ARRAY(SELECT ROW(p.oid, p.prolang) FROM pg_catalog.pg_proc p)';

/** A checksum of the system's functions, operators, casts and views. On one line for a server in single-user mode. */
const FINGERPRINT = `SELECT md5(concat_ws(chr(10),
  (SELECT string_agg(CASE WHEN prolang IN (12, 13) AND oid < ${BY_HAND}
      THEN concat_ws(' ', oid, proname, proargtypes) ELSE (to_jsonb(p) - 'proacl' - 'proowner')::text END, ',' ORDER BY oid)
    FROM pg_catalog.pg_proc p WHERE oid < ${BY_HAND} OR oid >= 16384 AND pronamespace = 11),
  (SELECT string_agg(concat_ws(' ', oid, oprname, oprcode), ',' ORDER BY oid)
    FROM pg_catalog.pg_operator WHERE oid < ${BY_HAND} OR oid >= 16384 AND oprnamespace = 11),
  (SELECT string_agg(concat_ws(' ', castsource, casttarget, castfunc), ',' ORDER BY castsource, casttarget)
    FROM pg_catalog.pg_cast WHERE castsource < ${BY_HAND} AND casttarget < ${BY_HAND}),
  (SELECT string_agg(concat_ws(' ', relname, relkind, md5(ev_action::text)), ',' ORDER BY relname COLLATE "C")
    FROM pg_catalog.pg_class c LEFT JOIN pg_catalog.pg_rewrite r ON ev_class = c.oid
    WHERE relnamespace = 11)))`.replace(/\s+/g, ' ');

/** When a container's server was last found as it should be. */
const lastFine = new Map<string, number>();
const FINE_MS = 2000;

const known = new Map<string, Promise<Pristine>>();

/**
 * Throws QueryError where a superuser has changed what the server itself answers with: system views that show a slot
 * which is not there, functions that say what is to be heard. Nothing that such a server says is worth anything.
 */
export async function refuseForged(query: Query, id: string, ground: Ground): Promise<void> {
  // It is asked ten times a second while it starts.
  if (performance.now() - (lastFine.get(id) ?? Number.NEGATIVE_INFINITY) < FINE_MS) return;
  const pristine = await pristineOf(ground);
  const rows = String(await query(LANGUAGES)).matchAll(/\((\d+),(\d+)\)/g);
  const scripted = [...rows].flatMap(([, oid = '', language = '']) =>
    Number(oid) < BY_HAND && !COMPILED.includes(language) ? [oid] : [],
  );
  const same =
    scripted.length === pristine.scripted.size && scripted.every((oid) => pristine.scripted.has(oid));
  if (same && (await query(FINGERPRINT)) === pristine.fingerprint) {
    lastFine.set(id, performance.now());
    return;
  }
  ground.remark({
    kind: 'policy',
    id: 'catalog-changed',
    where: 'system catalog',
    message: 'Functions or views of the server itself were changed, so what it says was not believed.',
  });
  throw new QueryError('functions or views of the server itself were changed', 'EFORGED');
}

function pristineOf({ docker, image, labels, prefix }: Ground): Promise<Pristine> {
  const found = known.get(image) ?? askNew(docker, image, labels, prefix);
  known.set(image, found);
  // Another room tries again.
  found.catch(() => known.delete(image));
  return found;
}

const SCRIPTED = `SELECT string_agg(oid::text, chr(32)) FROM pg_proc WHERE oid < ${BY_HAND} AND prolang NOT IN (12, 13)`;
const ASK = `initdb -N -A trust -D /tmp/new >/dev/null && cat <<'END' | postgres --single -D /tmp/new postgres
${SCRIPTED}
${FINGERPRINT}
END`;

/** Asks a new server of the image, which nobody else sees. */
async function askNew(
  docker: Dockerode,
  image: string,
  labels: Record<string, string>,
  project: string,
): Promise<Pristine> {
  const argv = ['sh', '-c', ASK];
  const said = await runHelper(docker, { image, argv, labels, project, user: 'postgres', network: 'none' });
  const [, scripted, fingerprint] = / = "([\d ]+)".* = "([0-9a-f]{32})"/s.exec(said.stdout) ?? [];
  if (scripted !== undefined && fingerprint !== undefined)
    return { scripted: new Set(scripted.split(' ')), fingerprint };
  throw new UnusableError(
    `No new server of the image could be asked what it brings along: ${said.stderr.trim().slice(-300)}.`,
    'Look whether docker run works with that image, then grade again.',
  );
}
