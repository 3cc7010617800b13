import type { Problem } from './lab.ts';

/** A port that one of our servers needs and that something else has. */
export interface TakenPort {
  node: string;
  port: number;
  /** Who has it, after "is taken by". */
  holder: string;
  /** Lines that tell how to get it back; a command ends its line, so that it can be copied. */
  next: string;
}

/**
 * What to say of taken ports: once for those that the same holder has and that are freed in the same way.
 * @param hasFile The learner has a compose file: only then there is a number to change.
 */
export function takenPortProblems(taken: readonly TakenPort[], hasFile: boolean): Problem[] {
  const key = ({ holder, next }: TakenPort) => `${holder}\n${next}`;
  return [...new Set(taken.map(key))].map((one) => {
    const group = taken.filter((port) => key(port) === one);
    const [{ holder, next } = { holder: '', next: '' }] = group;
    const nodes = group.map(({ node }) => `the ${node}`).join(' and ');
    const ports = group.map(({ port }) => port).join(' and ');
    const many = group.length > 1;
    const other = `Or give ${nodes} ${many ? 'other left numbers' : 'another left number'} under ports in docker-compose.yml.`;
    return {
      id: 'port-taken',
      message: many
        ? `Ports ${ports}, which ${nodes} need, are taken by ${holder}.`
        : `Port ${ports}, which ${nodes} needs, is taken by ${holder}.`,
      next: hasFile ? `${next}\n${other}` : next,
    };
  });
}

/** How to find the program that has a port. */
export const findPortHolder = (port: number): string =>
  process.platform === 'darwin' ? `lsof -nP -iTCP:${port} -sTCP:LISTEN` : `ss -ltnp "sport = :${port}"`;
