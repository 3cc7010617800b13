import { expect, test } from 'vitest';
import { budgetOf, layout, type Wish } from '../../src/ui/layout.ts';

const wish = (name: string, wants: number, least: number, rank: number): Wish => ({
  name,
  wants,
  least,
  rank,
});

const FRAME = [
  wish('rule', 1, 1, 2),
  wish('cluster', 2, 2, 4),
  wish('gap', 1, 0, 20),
  wish('title', 1, 1, 7),
  wish('command', 6, 1, 6),
  wish('checks', 4, 1, 5),
  wish('legend', 2, 2, 1),
];

test.each([
  [100, { rule: 1, cluster: 2, gap: 1, title: 1, command: 6, checks: 4, legend: 2 }],
  [17, { rule: 1, cluster: 2, gap: 1, title: 1, command: 6, checks: 4, legend: 2 }],
  [16, { rule: 1, cluster: 2, gap: 0, title: 1, command: 6, checks: 4, legend: 2 }],
  [13, { rule: 1, cluster: 2, gap: 0, title: 1, command: 3, checks: 4, legend: 2 }],
  [8, { rule: 1, cluster: 2, gap: 0, title: 1, command: 1, checks: 1, legend: 2 }],
  [4, { rule: 1, cluster: 0, gap: 0, title: 0, command: 0, checks: 1, legend: 2 }],
  [1, { rule: 1, cluster: 0, gap: 0, title: 0, command: 0, checks: 0, legend: 0 }],
])('%i rows are shared out by rank', (budget, rows) => {
  expect(layout(budget, FRAME)).toEqual(rows);
});

test("a frame never reaches the last row but one, which is the cursor's", () => {
  expect(budgetOf({ rows: 24, columns: 80 })).toBe(22);
  expect(budgetOf({ rows: 1, columns: 80 })).toBe(1);
});
