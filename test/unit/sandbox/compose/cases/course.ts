/** A file as the course writes it. */
export const COURSE = `# Two PostgreSQL servers: the leader takes the writes, the follower copies them.
services:
  leader:
    image: postgres:14
    container_name: leader
    hostname: leader
    restart: always
    ports:
      - "5433:5432" # port on your machine : port in the container
    volumes:
      - ./leader/postgresql.conf:/etc/postgresql/postgresql.conf # settings
      - ./leader-data:/var/lib/postgresql/data # the database itself
    command: postgres -c config_file=/etc/postgresql/postgresql.conf
    environment: # read once, when the data folder is empty
      POSTGRES_USER: postgres
      POSTGRES_PASSWORD: pw
      POSTGRES_DB: appdb
    networks:
      - replication-net

  follower:
    image: postgres:14
    container_name: follower
    hostname: follower
    restart: always
    ports:
      - "5434:5432"
    volumes:
      - ./follower/postgresql.conf:/etc/postgresql/postgresql.conf
      - ./follower-data:/var/lib/postgresql/data
    command: postgres -c config_file=/etc/postgresql/postgresql.conf
    environment:
      POSTGRES_USER: postgres
      POSTGRES_PASSWORD: pw
      POSTGRES_DB: appdb
    depends_on:
      - leader # starts first, which is not the same as ready first
    networks:
      - replication-net

volumes: # declared, but no service above uses them
  leader-data:
  follower-data:

networks:
  replication-net: # Docker calls it lab_replication-net
`;
