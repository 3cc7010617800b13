// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Compose's variables.
import { type Cases, leader, properties, withEnv } from './case.ts';

const set = { IMAGE: 'postgres:14', EMPTY: '', PORT: '5433', BAD: 'x y', NO: 'false' };

/** `$` in values, and the `.env` file. */
export const interpolation: Cases = {
  ...withEnv(
    set,
    'hostname: $IMAGE',
    'hostname: ${IMAGE}',
    'hostname: a${IMAGE}b$PORT-c',
    'hostname: ${NOPE}',
    'hostname: $NOPE',
    'hostname: $NOPE$NOPE2',
    'hostname: ${NOPE:-d}',
    'hostname: ${NOPE-d}',
    'hostname: ${EMPTY:-d}',
    'hostname: ${EMPTY-d}',
    'hostname: ${EMPTY}',
    'hostname: ${IMAGE:-d}',
    'hostname: ${NOPE:-}',
    'hostname: ${NOPE:-${PORT}}',
    'hostname: ${NOPE:-a${NOPE2:-b}c}',
    'hostname: ${NOPE:-$PORT}',
    'hostname: "${NOPE:-a b}"',
    'hostname: "${NOPE:-http://x:80/}"',
    'hostname: "${NOPE:-{}}"',
    'hostname: ${NOPE:?not given}',
    'hostname: ${NOPE?not given}',
    'hostname: ${NOPE:?}',
    'hostname: ${NOPE?}',
    'hostname: ${EMPTY:?not given}',
    'hostname: ${EMPTY?not given}',
    'hostname: ${IMAGE:?not given}',
    'hostname: ${IMAGE:+yes}',
    'hostname: ${EMPTY:+yes}',
    'hostname: ${EMPTY+yes}',
    'hostname: ${NOPE+yes}',
    'hostname: $$IMAGE',
    'hostname: $$$IMAGE',
    'hostname: $$',
    'hostname: a$',
    'hostname: "a$ b"',
    'hostname: a$1',
    'hostname: a$-b',
    'hostname: "${"',
    'hostname: "${}"',
    'hostname: "${1}"',
    'hostname: "${IMAGE"',
    'hostname: "${IMAGE!}"',
    'hostname: "${IMA GE}"',
    'hostname: "${ IMAGE}"',
    'hostname: "$(whoami)"',
    'hostname: "$_x"',
    'hostname: "{{ IMAGE }}"',
    'environment: {A: $NOPE, B: "${PORT}", C: $$x}',
    'environment: [A=$NOPE, B=${PORT}, $IMAGE=1]',
    'environment: [A=${NOPE:?no}]',
    'ports: ["$PORT:5432"]',
    'ports: ["${NOPE}:5432"]',
    'ports: [$PORT]',
    'ports: [{target: $PORT, published: $PORT}]',
    'ports: [{target: $BAD}]',
    'ports: [{target: "${NOPE}"}]',
    'volumes: [$BAD:/x]',
    'volumes: ["${NOPE:-./a}:/x"]',
    'volumes: ["$NOPE/a:/x"]',
    'volumes: [{type: bind, source: "./$PORT", target: /x, read_only: $NO}]',
    'privileged: $NO',
    'privileged: "${NOPE:-true}"',
    'privileged: "$NOPE"',
    'restart: ${NOPE:-always}',
    'command: echo $PORT $$PORT',
    'command: [echo, $PORT, $$PORT]',
    'networks: {default: {priority: "$PORT"}}',
    '$IMAGE: x',
    'healthcheck: {test: "pg_isready -U $$POSTGRES_USER", retries: "$PORT"}',
    'depends_on: ["${NOPE:-leader2}"]',
    'scale: $NOPE',
  ),
  'a password with a dollar': {
    files: { 'docker-compose.yml': leader('environment: {POSTGRES_PASSWORD: pa$$word, X: pa$word}') },
  },
  '.env': {
    files: {
      '.env':
        'IMAGE=postgres:14\n# note\n\nexport PORT=5433\nQUOTED="a b" # c\nSINGLE=\'$PORT\'\nEXPANDED="$PORT-${PORT}"\nPLAIN=a b # c\nHASH=a#b\nEMPTY=\nYAML: x\nSPACED = y\nNL="a\\nb"\nDEF=${NOPE:-d}\nNONE=$NOPE\n',
      'docker-compose.yml': leader(
        'environment:\n  A: $IMAGE\n  B: $PORT\n  C: $QUOTED\n  D: $SINGLE\n  E: $EXPANDED\n  F: $PLAIN\n  G: $HASH\n  H: x${EMPTY}x\n  I: $YAML\n  J: $SPACED\n  K: $NL\n  L: $DEF\n  M: x${NONE}x\n  PORT:',
      ),
    },
  },
  '.env loses against the environment': {
    files: { '.env': 'PORT=5555\n', 'docker-compose.yml': leader('hostname: p$PORT') },
    env: { PORT: '6666' },
  },
  '.env with a line that is none': {
    files: { '.env': 'PORT\nA=1\n', 'docker-compose.yml': leader('hostname: p$PORT') },
  },
  '.env with a bad name': { files: { '.env': 'A-B=1\n', 'docker-compose.yml': leader() } },
  '.env with a space in a name': { files: { '.env': 'A B=1\n', 'docker-compose.yml': leader() } },
  '.env with an open quote': { files: { '.env': 'A="x\nB=1\n', 'docker-compose.yml': leader() } },
  '.env as a folder': { files: { '.env': null, 'docker-compose.yml': leader() } },
  '.env with CRLF': { files: { '.env': 'A=x\r\nB=y\r\n', 'docker-compose.yml': leader('hostname: $A-$B') } },
  '.env names the project': {
    files: { '.env': 'COMPOSE_PROJECT_NAME=walk\n', 'docker-compose.yml': leader() },
  },
  env_file: {
    files: {
      'a.env': 'A=1\nB="two words"\nC=$A\nD\nE=\n',
      'docker-compose.yml': leader('env_file: a.env\nenvironment: {A: 2, F: 3}'),
    },
    env: { D: 'from here' },
  },
  'env_file, a list': {
    files: {
      'a.env': 'A=1\nB=1\n',
      'b.env': 'B=2\n',
      'docker-compose.yml': leader('env_file: [a.env, ./b.env]'),
    },
  },
  'env_file, long': {
    files: {
      'a.env': 'A=1\n',
      'docker-compose.yml': leader('env_file: [{path: a.env}, {path: no.env, required: false}]'),
    },
  },
  'env_file, a bad line': { files: { 'a.env': 'A B=1\n', 'docker-compose.yml': leader('env_file: a.env') } },
  'env_file loses against what is set here': {
    files: { 'a.env': 'A=1\nB=$A\nC=2\nD=$C\n', 'docker-compose.yml': leader('env_file: a.env') },
    env: { A: '9', C: '8' },
  },
  'env_file, one after the other': {
    files: {
      'a.env': 'A=1\nB=x\n',
      'b.env': 'C=$A-$B-$D\nA\nB=2\n',
      'docker-compose.yml': leader('env_file: [a.env, b.env]', 'environment: {D: 5}'),
    },
  },
  'env_file beside .env': {
    files: { '.env': 'A=top\n', 'a.env': 'B=$A\nA\n', 'docker-compose.yml': leader('env_file: a.env') },
  },
  'env_file as a folder': { files: { 'a.env': null, 'docker-compose.yml': leader('env_file: a.env') } },
  '.env, many forms': {
    files: {
      '.env':
        'A = b\nB= c \nC="a\nb"\nD=\'a"b\'\nE="a\\"b"\nF=a\\nb\nG="x"y\nH=# no\nI=a #b\nJ="a#b" # c\nK=$$x\nL=${A}\nM="${NOPE:-z}"\nN: "y"\nO=a=b\n',
      'docker-compose.yml': leader('environment: [A, B, C, D, E, F, H, I, J, K, L, M, N, O]'),
    },
  },
  '.env with a required variable': {
    files: { '.env': 'A=${NOPE:?missing}\n', 'docker-compose.yml': leader() },
  },
  '.env with a bad template': { files: { '.env': 'A=${NOPE\n', 'docker-compose.yml': leader() } },
  '.env with odd characters': { files: { '.env': 'A!B=1\n', 'docker-compose.yml': leader() } },
  '.env with a byte order mark': {
    files: { '.env': '\ufeffA=1\n', 'docker-compose.yml': leader('hostname: x$A') },
  },
  '.env without a name': { files: { '.env': '=1\n', 'docker-compose.yml': leader() } },
  'a name with a variable that is not set': { files: { 'docker-compose.yml': `name: $NOPE\n${leader()}` } },
  'a name with a required variable': { files: { 'docker-compose.yml': `name: \${NOPE:?no}\n${leader()}` } },
  'a name with a broken variable': { files: { 'docker-compose.yml': `name: \${NOPE\n${leader()}` } },
  'a dollar in a key': {
    files: { 'docker-compose.yml': leader('environment: {"A$B": 1}', 'labels: ["$HOME=x"]') },
  },
  ...properties('env_file: no.env', 'env_file: [no.env]', 'env_file: 5', 'env_file: {path: a}'),
};
