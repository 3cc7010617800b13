import type { Finding } from '../../src/check/finding.ts';
import type { MistakeId } from '../../src/check/mistakes.ts';
import { allLastingChecks, examine } from '../../src/learn/examine.ts';
import { writeFiles } from '../../src/learn/write-files.ts';
import type { NodeName } from '../../src/observe/types.ts';
import { LAB, openLines, openRig, type Rig } from './lab-rig.ts';
import type { OwnCourse } from './own-course.ts';

/** A rig for tests that spoil and mend a pair by hand, with the words for it. Every method throws with the output. */
export interface Pair extends Rig {
  /** Runs a command line in the workspace that must work. Returns its output. */
  must(command: string): Promise<string>;
  /** Runs statements as superuser on a node, over its socket. Returns what psql prints, rows bare. */
  sql(node: NodeName, statements: string, database?: string): Promise<string>;
  /** Waits until the node's server takes connections over TCP. */
  ready(node: NodeName): Promise<void>;
  /**
   * Stops the follower and puts a fresh base backup into its folder. `after` runs in the folder as root.
   * @param options Of pg_basebackup, in place of the lesson's `-R --slot=…`.
   */
  copy(options?: string, after?: string): Promise<void>;
  /** Runs a shell script as root in `/data`, a node's data folder, whoever owns it. */
  inFolder(node: NodeName, script: string): Promise<string>;
  /**
   * Judges a check (`lesson/check`) until it names the mistake, having seen `saw`. Throws when it passes in between (unless `mayPass`),
   * or does not name it in time: then with what was found last and the logs.
   */
  names(
    check: string,
    mistake: MistakeId,
    options?: { seconds?: number; mayPass?: boolean; saw?: string },
  ): Promise<Finding>;
  /** Judges a step until all its checks pass. Throws with what does not. */
  passes(step: number, seconds?: number): Promise<void>;
  /** As `passes`, of all lessons at once, on one observation. */
  allPass(seconds?: number): Promise<void>;
}

/** Options of the lesson's own pg_basebackup. */
export const LESSON_COPY = '-R --slot=follower_slot';

export async function openPair(kind = LAB, use?: OwnCourse): Promise<Pair> {
  const rig = await openRig(kind, use);
  const { own, course, lab } = rig;

  const must = async (command: string) => {
    const { exitCode, output } = await rig.sh(`set -eo pipefail\n${command}`);
    if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${command}\n${output}`);
    return output;
  };
  const mounted = (node: NodeName) => `-v "$PWD/${node}-data:/data"`;
  const image = course.names.image ?? '';

  const logTails = async () => {
    const nodes = `${own.leader} ${own.follower}`;
    return (
      await rig.sh(`for one in ${nodes}; do echo "log of $one:"; docker logs --tail 30 $one; done 2>&1`)
    ).output;
  };

  return {
    ...rig,
    must,
    async sql(node, statements, database = 'appdb') {
      const psql = `docker exec -i --user postgres ${own[node]} psql -XAtq -v ON_ERROR_STOP=1 -U postgres -d ${database}`;
      return (await must(`${psql} <<'SQL'\n${statements}\nSQL`)).trim();
    },
    async ready(node) {
      const ask = `docker exec ${own[node]} pg_isready -q -h 127.0.0.1 -U postgres`;
      await must(
        `for i in $(seq 150); do ${ask} && exit 0; sleep 0.2; done; docker logs --tail 20 ${own[node]}; exit 1`,
      );
    },
    async copy(options = LESSON_COPY, after = 'true') {
      const network = `${lab.project}_${course.names.network}`;
      const backup = `pg_basebackup -c fast -h leader -D /data -U replicator ${options}`;
      const script = `find /data -mindepth 1 -delete && ${backup} && cd /data && ${after}`;
      await must('docker compose stop follower');
      await must(
        `docker run --rm -e PGPASSWORD=replicatorpass ${mounted('follower')} --network=${network} ${image} sh -c '${script}'`,
      );
    },
    inFolder: (node, script) => must(`docker run --rm ${mounted(node)} -w /data ${image} sh -c '${script}'`),
    async names(check, mistake, { seconds = 20, mayPass = false, saw = '' } = {}) {
      const spec = course.lessons
        .flatMap(({ tasks }) => tasks.flatMap(({ checks }) => checks))
        .find(({ id }) => id === check);
      if (!spec) throw new Error(`no lesson has a check ${check}`);
      const end = Date.now() + seconds * 1000;
      for (;;) {
        const { findings } = await examine(lab, course, [spec]);
        const [found] = findings;
        if (!found || (found.state === 'passed' && !mayPass))
          throw new Error(`${check} passed: ${found?.saw}`);
        if (found.state !== 'passed' && found.mistake === mistake && found.saw.includes(saw)) return found;
        if (Date.now() > end) {
          throw new Error(
            `${check} does not name ${mistake}:\n${openLines(findings).join('\n')}\n${await logTails()}`,
          );
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
    async passes(step, seconds = 20) {
      const open = openLines(await rig.judgeSoon(step, seconds));
      if (open.length > 0)
        throw new Error(`step ${step} does not pass:\n${open.join('\n')}\n${await logTails()}`);
    },
    async allPass(seconds = 30) {
      const end = Date.now() + seconds * 1000;
      for (;;) {
        const open = openLines((await examine(lab, course, allLastingChecks(course))).findings);
        if (open.length === 0) return;
        if (Date.now() > end) throw new Error(`not all pass:\n${open.join('\n')}\n${await logTails()}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
  };
}

/** Puts every file of the lessons into the workspace, as the lessons write them. */
export async function layFiles({ course, lab }: Pair): Promise<void> {
  const files = course.lessons.flatMap(({ tasks }) =>
    tasks.flatMap(({ action }) => (action.kind === 'write' ? action.files : [])),
  );
  const { problems } = await writeFiles(lab.workspace, course, files);
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** Starts the leader and brings it to where lesson 8 ends, with the rows of lesson 11. */
export async function startLeader(pair: Pair): Promise<void> {
  await pair.must(
    'mkdir -p leader-data follower-data && docker compose up -d leader && bash leader/setup-leader.sh',
  );
  await pair.must(
    `docker exec -i --user postgres ${pair.own.leader} psql -v ON_ERROR_STOP=1 -U postgres -d appdb < inventory.sql`,
  );
}

/** Makes a follower as lessons 9 and 10 do, and waits until it answers. */
export async function startFollower(pair: Pair): Promise<void> {
  await pair.copy();
  await pair.must('docker compose up -d follower');
  await pair.ready('follower');
}
