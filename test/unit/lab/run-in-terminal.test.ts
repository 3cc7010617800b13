import { describe, expect, it } from 'vitest';
import { wantsTerminal } from '../../../src/lab/run-in-terminal.ts';

describe('a command that wants the terminal', () => {
  it.each([
    'sudo chown -R 999:999 leader-data',
    'ls && sudo -u postgres psql',
    'docker exec -it leader psql -U postgres',
    'docker exec --user postgres -ti leader bash',
    'docker exec --tty -i leader bash',
    'docker run --rm -it postgres:14 bash',
    'docker container exec -it leader sh',
    'docker compose exec leader psql -U postgres',
    'docker compose -f other.yml exec --user postgres leader bash',
    'docker compose run --rm follower bash',
    'docker compose --project-directory . run -e A=1 --entrypoint bash follower',
  ])('%s', (command) => expect(wantsTerminal(command)).toBe(true));

  it.each([
    'sudo -n true',
    'sudo --non-interactive true',
    'docker exec leader psql -c "SELECT 1"',
    'docker exec -i leader psql < inventory.sql',
    'echo "SELECT 1" | docker exec -it leader psql',
    'docker compose exec -T leader psql -c "SELECT 1"',
    'docker compose run --rm -T follower ls',
    'docker compose run --rm -e A=1 --entrypoint ls --no-TTY follower',
    'docker compose up -d',
    'docker compose stop follower && docker run --rm postgres:14 true && docker exec leader true',
    'docker run --rm postgres:14 ls -t',
    'pseudo docker',
  ])('not: %s', (command) => expect(wantsTerminal(command)).toBe(false));
});
