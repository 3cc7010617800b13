import type { Adaptation } from './lab.ts';

/** What of this machine decides whether a documented command fits. */
export interface MachineFacts {
  /** We run as root: sudo is not needed. */
  root: boolean;
  /** sudo is there and asks for no password. The walk has no terminal to give to its question. */
  sudo: boolean;
  /** All of the data folders can be changed without sudo (Docker Desktop gives them to the user). */
  ownData: boolean;
  rootless: boolean;
  /** The image is on this machine. */
  imagePresent: boolean;
  image: string;
  leader: string;
  superuser: string;
  database: string;
  uid: number;
  gid: number;
}

interface Rule {
  when(command: string, facts: MachineFacts): boolean;
  change(command: string, facts: MachineFacts): string;
  reason: string | ((facts: MachineFacts) => string);
}

/** `docker exec`, `docker compose exec` or `run`, and its own options; what follows belongs to the program in the container. */
const EXEC =
  /(\bdocker (?:(?:compose )?exec|compose run))((?:(?:\s|\\\n)+(?:(?:-u|--user|-e|--env|-w|--workdir|--env-file|--index|--detach-keys|-v|--volume|--name|--entrypoint)\s+\S+|-\S+))+)/g;
/** The command with no `-t` of docker exec: nothing that we run, and no script, has a terminal to give. */
export const withoutTerminal = (command: string) =>
  command.replace(
    EXEC,
    (_, exec: string, options: string) =>
      exec + options.replace(/(\s)-(?:it|ti)(?=\s|$)/g, '$1-i').replace(/\s(?:-t|--tty)(?=\s|$)/g, ''),
  );
const CHOWN = /^sudo chown -R \$\(id -u\):\$\(id -g\) (.+)$/m;
const CLEAR = /^sudo rm -rf (\.\/[\w-]+-data)\/\*$/m;
const SLEEP = /^sleep \d+$/m;
const CONTAINER_REASON = (facts: MachineFacts) =>
  facts.rootless
    ? 'In rootless Docker these files belong to users that only the engine knows. Root in a throw-away container is you.'
    : 'sudo is not there or asks for a password. Root in a throw-away container can do the same.';
const noSudo = (facts: MachineFacts) => !facts.root && !facts.sudo;

/** The table of adaptations, tried in this order; a command may need several. */
const RULES: Rule[] = [
  {
    when: (command) => withoutTerminal(command) !== command,
    change: withoutTerminal,
    reason: '-t needs a terminal, and a command that this tool runs has none. A script has none either.',
  },
  {
    when: (command) => SLEEP.test(command),
    change: (command, facts) =>
      command.replace(
        SLEEP,
        [
          `for try in $(seq 300); do`,
          `  docker exec ${facts.leader} pg_isready -q -h 127.0.0.1 -U ${facts.superuser} -d ${facts.database} && break`,
          `  sleep 0.2`,
          `done`,
        ].join('\n'),
      ),
    reason: 'A fixed pause is a race. This asks the server over TCP until it is ready, for at most a minute.',
  },
  {
    when: (command, facts) => /^docker pull /.test(command) && facts.imagePresent,
    change: (_, facts) => `docker image ls ${facts.image}`,
    reason: 'The image is on this machine already.',
  },
  {
    when: (command, facts) => CHOWN.test(command) && (noSudo(facts) || facts.rootless) && !facts.ownData,
    change: (command, facts) =>
      command.replace(CHOWN, (_, folders: string) => {
        // In a rootless engine, root in a container is you outside.
        const owner = facts.rootless ? '0:0' : `${facts.uid}:${facts.gid}`;
        return inContainer(facts, `chown -R ${owner} ${folders}`);
      }),
    reason: CONTAINER_REASON,
  },
  {
    when: (command, facts) => CLEAR.test(command) && (noSudo(facts) || facts.rootless) && !facts.ownData,
    change: (command, facts) =>
      command.replace(CLEAR, (_, folder: string) => inContainer(facts, `rm -rf ${folder}/*`)),
    reason: CONTAINER_REASON,
  },
  {
    when: (command, facts) => /\bsudo /.test(command) && (facts.root || facts.ownData),
    change: (command) => command.replaceAll(/\bsudo /g, ''),
    reason: 'sudo is not needed here: you may change these folders without it.',
  },
  {
    when: (command) => CLEAR.test(command),
    change: (command) => command.replace(CLEAR, (_, folder: string) => `sudo sh -c 'rm -rf ${folder}/*'`),
    reason:
      'Your own shell can not look into a folder of mode 0700, so it would leave the * as it is and remove nothing.',
  },
];

function inContainer(facts: MachineFacts, script: string): string {
  return `docker run --rm -v "$(pwd):/workspace" -w /workspace ${facts.image} sh -c '${script}'`;
}

/** The form of a documented command for this machine, with the reasons; the same command when it fits as it is. */
export function adaptCommand(command: string, facts: MachineFacts): Adaptation {
  const reasons: string[] = [];
  let adapted = command;
  for (const rule of RULES) {
    if (!rule.when(adapted, facts)) continue;
    adapted = rule.change(adapted, facts);
    const reason = typeof rule.reason === 'string' ? rule.reason : rule.reason(facts);
    if (!reasons.includes(reason)) reasons.push(reason);
  }
  return { command: adapted, reasons };
}
