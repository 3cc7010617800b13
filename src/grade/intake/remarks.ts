import type { Remark } from '../types.ts';

/** Remarks of one kind that are told one by one. An archive can have thousands of bad names. */
const EACH = 10;

export interface Remarks {
  add(remark: Remark): void;
  all(): Remark[];
}

/** Gathers remarks in order. Of one id, only the first are kept, and how many more there were. */
export function gatherRemarks(where: string): Remarks {
  const kept: Remark[] = [];
  const counts = new Map<string, number>();
  return {
    add(remark) {
      const count = (counts.get(remark.id) ?? 0) + 1;
      counts.set(remark.id, count);
      if (count <= EACH) kept.push(remark);
    },
    all() {
      const more = [...counts].filter(([, count]) => count > EACH);
      const told = more.map(([id, count]): Remark => {
        const number = (count - EACH).toLocaleString('en-US');
        return { kind: 'intake', id, where, message: `${number} more were left out for the same reason.` };
      });
      return [...kept, ...told];
    },
  };
}
