export const USAGE = `pg_basebackup takes a base backup of a running PostgreSQL server. This is the sandbox's own, smaller one.

Usage:
  pg_basebackup [OPTION]...

The sandbox knows these options:
  -D, --pgdata=DIRECTORY     receive base backup into directory
  -F, --format=p             output format (plain only)
  -R, --write-recovery-conf  write configuration for replication
  -X, --wal-method=none|fetch|stream
                             include required WAL files with specified method
  -c, --checkpoint=fast|spread
                             set fast or spread checkpointing
  -C, --create-slot          create replication slot
  -S, --slot=SLOTNAME        replication slot to use
      --no-slot              prevent creation of temporary replication slot
  -l, --label=LABEL          set backup label
  -n, --no-clean             do not clean up after errors
  -N, --no-sync              do not wait for changes to be written safely to disk
  -P, --progress             show progress information
  -v, --verbose              output verbose messages
      --no-manifest, --manifest-checksums=ALGORITHM, --manifest-force-encode,
      --no-estimate-size, --no-verify-checksums
  -V, --version              output version information, then exit
  -d, --dbname=CONNSTR       connection string
  -h, --host=HOSTNAME        database server host or socket directory
  -p, --port=PORT            database server port number
  -s, --status-interval=SECS time between status packets sent to server
  -U, --username=NAME        connect as specified database user
  -w, --no-password          never prompt for password
`;
