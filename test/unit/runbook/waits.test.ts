import { expect, it } from 'vitest';
import { asksFollower, startedBy } from '../../../src/runbook/waits.ts';

const NAMES = { leader: 'my-leader', follower: 'my-follower' };

it.each<[string, string[]]>([
  ['docker compose up -d', ['leader', 'follower']],
  ['docker compose up -d leader', ['leader']],
  ['docker-compose up -d follower', ['follower']],
  ['docker compose -p x up --wait \\\n  follower leader', ['leader', 'follower']],
  ['docker compose restart leader && docker compose start follower', ['leader', 'follower']],
  ['docker start my-leader', ['leader']],
  ['docker restart my-follower other', ['follower']],
  ['docker compose down -v', []],
  ['docker compose stop follower', []],
  ['docker compose ps', []],
  ['docker start other', []],
  ['docker exec my-leader pg_ctl restart', []],
])('%j starts %j', (command, nodes) => {
  expect(startedBy(command, NAMES)).toEqual(nodes);
});

it.each([
  ['docker exec -i --user postgres my-follower psql -c "SELECT 1"', true],
  ['docker exec -i my-leader psql -c "SELECT 1"', false],
  ['docker logs my-follower', false],
])('whether the follower is asked by %j: %j', (command, asks) => {
  expect(asksFollower(command, NAMES)).toBe(asks);
});
