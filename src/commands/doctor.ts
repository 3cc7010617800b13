import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { EXIT } from '../errors.ts';
import type { Problem } from '../lab/lab.ts';
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
  const { workspace, lab } = await openContext(options, { create: false });
  const [engine, image, problems, disk] = await Promise.all([
    lab.engine(),
    lab.image(),
    lab.ready(),
    diskLine(workspace),
  ]);
  const taken = (...ids: string[]) => problems.filter((problem) => ids.includes(problem.id));
  const lines: Line[] = [{ what: 'node', found: process.versions.node }];
  const up = engine.state === 'up';
  lines.push({
    what: 'engine',
    found: up
      ? `Docker ${engine.version} (${engine.os}/${engine.arch}${engine.rootless ? ', rootless' : ''}) at ${engine.endpoint}, found by ${engine.foundBy}`
      : 'none',
    ...first(taken('no-engine', 'windows-containers')),
  });
  if (up) {
    lines.push({
      what: 'compose',
      found: engine.compose ?? 'none',
      ...first(taken('no-docker-command', 'no-compose', 'compose-too-old')),
    });
    lines.push({
      what: 'image',
      // The walk pulls it, so a missing one is no problem yet.
      found:
        image.state === 'present'
          ? `${image.reference}, here${image.major ? ` (PostgreSQL ${image.major})` : ''}`
          : `${image.reference}, not here yet: step 2 pulls it`,
    });
    // Names and ports are looked at only when the rest is well.
    const looked =
      taken('no-docker-command', 'no-bash', 'no-compose', 'compose-too-old', 'windows-containers').length ===
      0;
    for (const [what, id] of looked ? CONFLICTS : []) {
      const found = taken(id);
      if (found.length === 0) lines.push({ what, found: 'free, or yours already' });
      for (const problem of found) lines.push({ what, found: 'taken', problem });
    }
  }
  lines.push(disk);
  lines.push({
    what: 'folder',
    found: workspace,
    ...first(taken('workspace-not-writable', 'workspace-colon')),
  });
  for (const problem of taken('no-bash')) lines.push({ what: 'bash', found: 'none', problem });
  const bad = lines.filter((line) => line.problem);
  if (options.json) {
    const report = {
      schema: 'walkthrough/doctor/v1',
      tool: options.tool,
      lab: lab.kind,
      lines,
      ok: bad.length === 0,
    };
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    process.stdout.write(`${options.tool}: the ${lab.kind} lab\n\n`);
    for (const { what, found, problem } of lines) {
      process.stdout.write(`${problem ? 'PROBLEM' : 'ok     '} ${what.padEnd(8)} ${found}\n`);
      if (problem)
        process.stdout.write(
          `                 ${problem.message}\n                 ${problem.next.replaceAll('\n', '\n                 ')}\n`,
        );
    }
    process.stdout.write(bad.length === 0 ? '\nNothing is missing.\n' : `\n${bad.length} to mend.\n`);
  }
  await lab.close();
  return bad.length === 0 ? EXIT.passed : EXIT.unusable;
};

const first = ([problem]: Problem[]) => (problem ? { problem } : {});

async function diskLine(workspace: string): Promise<Line> {
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
          next: 'Make room (docker system df shows what Docker uses), or choose another folder with --dir.',
        },
      };
    } catch {
      if (folder === path.dirname(folder)) return { what: 'disk', found: 'unknown' };
    }
  }
}
