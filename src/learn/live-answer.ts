import { isRecord } from '../check/args.ts';
import type { CheckSpec, Concept, Course, Lesson } from '../course/types.ts';
import { type Lab, type LabNode, QueryError } from '../lab/lab.ts';
import { ROWS_LIMIT_MS, type Rows, rowsSql, toRows } from '../observe/rows.ts';
import type { ContainerState, NodeName } from '../observe/types.ts';
import { lastingChecks } from './select.ts';

/** What the learner's own server says to the query of a concept. */
export type LiveAnswer =
  /** `note`: a sentence on what differs in this lab; '' where nothing does. */
  | ({ state: 'answered'; note: string } & Rows)
  /** It can't be asked now; `why` is a sentence. */
  | { state: 'unanswered'; why: string };

export type Question = NonNullable<Concept['query']>;

/** Asks a concept's query of the lab. Never throws: why it can't be asked is an answer too. */
export async function askLive(lab: Lab, course: Course, { on, sql }: Question): Promise<LiveAnswer> {
  const node = lab.node(on);
  try {
    const container = await node.inspect();
    if (container.state !== 'running') return unanswered(whyNotRunning(course, on, container));
    const rows = await askRows(node, sql);
    return { state: 'answered', ...(await asInContainer(lab, node, rows)) };
  } catch (error) {
    const engine = error instanceof QueryError ? null : await lab.engine().catch(() => null);
    return unanswered(engine?.state === 'down' ? engine.problem : whyNoAnswer(on, error));
  }
}

/** The sentence for a server of which nothing was ever started. */
export function notStarted(course: Course, on: NodeName): string {
  const lesson = startingLesson(course, on);
  return `The ${on} is not running yet${lesson ? `: lesson ${lesson.step} starts it` : ''}.`;
}

const unanswered = (why: string): LiveAnswer => ({ state: 'unanswered', why });

/** The course's database may be missing; what the glossary asks is the same in every database. */
async function askRows(node: LabNode, sql: string): Promise<Rows> {
  const ask = (database?: string) =>
    node.session(async (query) => toRows(await query(rowsSql(sql))), database ? { database } : {});
  return ask().catch((error: unknown) => {
    if (error instanceof QueryError && error.code === '3D000') return ask('postgres');
    throw error;
  });
}

async function asInContainer(lab: Lab, node: LabNode, rows: Rows): Promise<Rows & { note: string }> {
  if (lab.kind !== 'sandbox') return { ...rows, note: '' };
  const translate = (await node.pathsAsWritten?.()) ?? ((text: string) => text);
  const translated = rows.rows.map((row) => row.map((value) => (value === null ? null : translate(value))));
  const values = rows.rows.flat();
  const moved = translated.flat().some((value, index) => value !== values[index]);
  const note = moved
    ? 'These are the paths in a container. The sandbox keeps the files elsewhere.'
    : values.includes('127.0.0.1')
      ? 'The sandbox has no network of its own, so the address is 127.0.0.1.'
      : '';
  return { ...rows, rows: translated, note };
}

function whyNotRunning(course: Course, on: NodeName, container: ContainerState): string {
  switch (container.state) {
    case 'absent':
      return notStarted(course, on);
    case 'foreign':
      return `The container ${container.name} belongs to something else (${container.owner}), so it is not asked.`;
    case 'restarting':
      return `The ${on} starts and ends again and again. Its log says why.`;
    case 'created':
      return `The ${on} is made, but it was not started.`;
    case 'paused':
      return `The ${on} is paused.`;
    default:
      return `The ${on} has stopped. Start it, then look again.`;
  }
}

/** SQLSTATEs and errors of a connection that a server gives while it starts or stops. */
const NOT_READY = ['57P03', '57P01', '57P02', '08006', 'ECONNREFUSED', 'ECONNRESET', 'ENOENT'];

function whyNoAnswer(on: NodeName, error: unknown): string {
  const { message, code = '' } = error as { message: string; code?: string };
  if (code === 'ENOCONTAINER') return `The ${on} has just stopped.`;
  if (NOT_READY.includes(code))
    return `The ${on} runs, but it takes no connections yet. Look again in a moment.`;
  if (code === '57014') return `The ${on} did not answer within ${ROWS_LIMIT_MS / 1000} seconds.`;
  const words = message.replace(/\.$/, '');
  return /^[0-9A-Z]{5}$/.test(code)
    ? `The ${on} refuses the query: ${words}.`
    : `The ${on} can not be asked: ${words}.`;
}

/** Checks that hold only while the node named by their own key runs. */
const WANT_IT_RUNNING = ['containers', 'server', 'streaming'];

/** The first lesson that proves that this server runs. */
function startingLesson(course: Course, on: NodeName): Lesson | undefined {
  const wants = ({ kind, args }: CheckSpec) => {
    if (!WANT_IT_RUNNING.includes(kind) || !isRecord(args)) return false;
    return [args[kind]].flat().includes(on) && (args.are ?? 'running') === 'running';
  };
  return course.lessons.find((lesson) => lastingChecks(lesson).some(wants));
}
