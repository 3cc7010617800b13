import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { EXIT } from '../errors.ts';
import type { Lab, Problem } from '../lab/lab.ts';
import { wrapText } from '../terminal/wrap.ts';
import { type Command, openContext } from './context.ts';

/** Below this the image and two data folders do not fit comfortably. */
const DISK_NEEDED = 2 * 1024 ** 3;

const CONFLICTS = [
  ['names', 'foreign-container'],
  ['ports', 'port-taken'],
] as const;

interface Line {
  what: string;
  found: string;
  problem?: Problem;
}

/** What this machine has, what is missing, and how to mend it. Exit 3 when something is missing. */
export const doctor: Command = async (options) => {
  const context = await openContext(options, { create: false });
  const { workspace, lab, why, other } = context;
  const [problems, disk] = await Promise.all([lab.ready(), diskLine(workspace, lab.kind)]);
  const lines: Line[] = [
    { what: 'lab', found: `${lab.kind}, because ${why}` },
    { what: 'node', found: process.versions.node },
    ...(lab.kind === 'docker' ? await dockerLines(lab, problems) : await sandboxLines(problems)),
    disk,
    {
      what: 'folder',
      found: workspace,
      ...first(taken(problems, 'workspace-not-writable', 'workspace-colon')),
    },
    ...taken(problems, 'no-bash').map((problem) => ({ what: 'bash', found: 'none', problem })),
  ];
  const bad = lines.filter((line) => line.problem);
  if (options.json) {
    const report = {
      schema: 'walkthrough/doctor/v1',
      tool: options.tool,
      lab: lab.kind,
      why,
      other,
      lines,
      ok: bad.length === 0,
    };
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    // Only where somebody looks at it: a program that reads it wants a line as it is.
    const columns = process.stdout.isTTY ? process.stdout.columns : Number.POSITIVE_INFINITY;
    const say = (text: string, first = '') => {
      const rows = wrapText(text, Math.max(20, columns - first.length));
      for (const [at, row] of rows.entries())
        process.stdout.write(`${at === 0 ? first : ' '.repeat(first.length)}${row}\n`);
    };
    say(`${options.tool}: the ${lab.kind} lab\n`);
    for (const { what, found, problem } of lines) {
      const first = `${problem ? 'PROBLEM' : 'ok     '} ${what.padEnd(8)} `;
      say(found, first);
      if (problem) say(`${problem.message}\n${problem.next}`, ' '.repeat(first.length));
    }
    say(bad.length === 0 ? '\nNothing is missing.' : `\n${bad.length} to mend.`);
    if (other !== '') say(other);
  }
  await lab.close();
  return bad.length === 0 ? EXIT.passed : EXIT.unusable;
};

const taken = (problems: Problem[], ...ids: string[]) =>
  problems.filter((problem) => ids.includes(problem.id));

async function dockerLines(lab: Lab, problems: Problem[]): Promise<Line[]> {
  const [engine, image] = await Promise.all([lab.engine(), lab.image()]);
  if (engine.state !== 'up')
    return [{ what: 'engine', found: 'none', ...first(taken(problems, 'no-engine', 'windows-containers')) }];
  const { version, os, arch, rootless, endpoint, foundBy, compose } = engine;
  const place = `${os}/${arch}${rootless ? ', rootless' : ''}`;
  return [
    {
      what: 'engine',
      found: `Docker ${version} (${place}) at ${endpoint}, found by ${foundBy}`,
      ...first(taken(problems, 'no-engine', 'windows-containers')),
    },
    {
      what: 'compose',
      found: compose ?? 'none',
      ...first(taken(problems, 'no-docker-command', 'no-compose', 'compose-too-old')),
    },
    {
      what: 'image',
      // The walk pulls it, so a missing one is no problem yet.
      found:
        image.state === 'present'
          ? `${image.reference}, here${image.major ? ` (PostgreSQL ${image.major})` : ''}`
          : `${image.reference}, not here yet: step 2 pulls it`,
    },
    ...conflictLines(problems),
  ];
}

async function sandboxLines(problems: Problem[]): Promise<Line[]> {
  const { describeSandbox } = await import('../lab/sandbox/lab.ts');
  const { server, cache } = describeSandbox();
  return [
    {
      what: 'server',
      found: server,
      ...first(taken(problems, 'unsupported-platform', 'server-package-missing', 'no-account')),
    },
    {
      what: 'cache',
      found: cache,
      ...first(taken(problems, 'cache-not-writable', 'cache-foreign', 'cache-path-too-long')),
    },
    ...conflictLines(problems),
  ];
}

/** Names and ports are looked at only when the rest is well. */
function conflictLines(problems: Problem[]): Line[] {
  const conflicts = CONFLICTS.map(([, id]) => id as string);
  if (problems.some(({ id }) => !conflicts.includes(id))) return [];
  return CONFLICTS.flatMap(([what, id]) => {
    const found = taken(problems, id);
    return found.length === 0
      ? [{ what, found: 'free, or yours already' }]
      : found.map((problem) => ({ what, found: 'taken', problem }));
  });
}

const first = ([problem]: Problem[]) => (problem ? { problem } : {});

async function diskLine(workspace: string, kind: Lab['kind']): Promise<Line> {
  for (let folder = workspace; ; folder = path.dirname(folder)) {
    try {
      const { bavail, bsize } = await statfs(folder);
      const free = bavail * bsize;
      const found = `${(free / 1024 ** 3).toFixed(1)} GB free`;
      if (free >= DISK_NEEDED) return { what: 'disk', found };
      return {
        what: 'disk',
        found,
        problem: {
          id: 'disk-full',
          message: `Less than 2 GB are free on the disk of ${folder}.`,
          next: `Make room${kind === 'docker' ? ' (docker system df shows what Docker uses)' : ''}, or choose another folder with --dir.`,
        },
      };
    } catch {
      if (folder === path.dirname(folder)) return { what: 'disk', found: 'unknown' };
    }
  }
}
